import { found, judgeEach } from '../../verification/daily/judge'
import type { HealthJudge } from '../judge'
import { ofEach } from '../of-each'

/** Nothing waits that a function could not take, and nobody has left it there. */
export const queues: HealthJudge = (facts, expected) =>
  judgeEach(
    expected.queues,
    (name) => ofEach(facts.queues, name),
    (name, { messages, oldestMinutes }) => {
      if (messages === 0) return []
      const code = oldestMinutes > expected.deadLettersMinutes ? 'dead-letters-old' : 'dead-letters'
      return [found(code, name, { messages, oldestMinutes })]
    },
  )
