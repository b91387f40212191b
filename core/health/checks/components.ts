import { found, judgeEach } from '../../verification/daily/judge'
import type { HealthJudge } from '../judge'

/** What is in force of each component serves. */
export const components: HealthJudge = (facts, expected) =>
  judgeEach(
    expected.components,
    ({ name }) => facts.components[name],
    ({ name }, serves) => (serves ? [] : [found('component-down', name)]),
  )
