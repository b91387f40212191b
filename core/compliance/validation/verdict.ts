/** What a control, a check of it, or an attestation came to. */
export type Verdict = 'PASS' | 'FAIL' | 'STALE' | 'EXPIRED' | 'UNKNOWN' | 'N/A'

/** The worst first: something broken says more than something old, and that more than something nobody looked at. */
const WORST_FIRST: readonly Verdict[] = ['FAIL', 'STALE', 'EXPIRED', 'UNKNOWN', 'PASS']

/** The worst of several; UNKNOWN where there is none, since nothing asked proves nothing. */
export const worst = (verdicts: readonly Verdict[]): Verdict =>
  WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'UNKNOWN'
