import { found, judgeOne } from '../../verification/daily/judge'
import type { Seen } from '../../verification/daily/seen'
import type { HealthJudge } from '../judge'

const API = 'served API'

/** Of the attempts to be served of late, as many were answered well as the target asks. */
export const errorRate: HealthJudge = ({ attempts }, { answered: { degradedBelow, unhealthyBelow } }) =>
  judgeOne(known(attempts, 'NOBODY_ASKED'), ({ asked, answered }) => {
    const percent = (100 * answered) / asked
    if (percent >= degradedBelow) return []
    const code = percent < unhealthyBelow ? 'errors-many' : 'errors-some'
    return [found(code, API, { asked, answered })]
  })

/** What came to nothing was not seen. */
function known<T>(seen: Seen<T | null>, code: string): Seen<T> {
  if (!seen.seen) return seen
  return seen.value === null ? { seen: false, code } : { seen: true, value: seen.value }
}
