import type { Found, Judged } from '../verification/daily/judge'
import type { HealthExpectations } from './expectations'
import type { HealthFacts } from './facts'
import type { HealthFindingCode } from './findings'

export type HealthFound = Found<HealthFindingCode>
export type HealthJudged = Judged<HealthFindingCode>

/** Pure: the same facts and expectations, the same answer. Undefined where the place has nothing of the kind to look at. */
export type HealthJudge = (facts: HealthFacts, expected: HealthExpectations) => HealthJudged | undefined
