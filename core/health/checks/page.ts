import { found, judgeOne } from '../../verification/daily/judge'
import type { HealthJudge } from '../judge'

const PAGE = 'served page'

/** The served page answers well, and soon. */
export const page: HealthJudge = (facts, { slowMilliseconds }) =>
  judgeOne(facts.page, (seen) => {
    if (!seen.answered) return [found('page-silent', PAGE, { code: seen.code })]
    const { status, milliseconds } = seen
    if (status < 200 || status > 299) return [found('page-error', PAGE, { status })]
    return milliseconds > slowMilliseconds ? [found('page-slow', PAGE, { milliseconds, most: slowMilliseconds })] : []
  })
