import { found, judgeEach } from '../../verification/daily/judge'
import type { HealthJudge } from '../judge'
import { ofEach } from '../of-each'
import { secondsSince } from '../seconds-since'

/** Functions end well when they run, may run when they are asked, and do run where a schedule starts them each minute. */
export const functions: HealthJudge = (facts, { functions: names, minutely, silentMinutes }) =>
  judgeEach(
    names,
    (name) => ofEach(facts.functions, name),
    (name, { runs, errors, throttles, lastSuccessAt }) => {
      const seconds = secondsSince(lastSuccessAt, facts.at)
      const silent = minutely.includes(name) && (seconds === undefined || seconds > silentMinutes * 60)
      return [
        ...(errors === 0
          ? []
          : [found(errors >= runs ? 'function-failing' : 'function-errors', name, { runs, errors })]),
        ...(throttles === 0 ? [] : [found('function-throttled', name, { throttles })]),
        // That all of its runs fail has been said.
        ...(silent && (errors === 0 || errors < runs)
          ? [found('function-silent', name, { seconds: seconds ?? null })]
          : []),
      ]
    },
  )
