/** What a check says. `inconclusive` is neither: it could not be seen, and nobody may take it for a pass. */
export type Verdict = 'pass' | 'fail' | 'inconclusive'

const WORST_FIRST = ['fail', 'inconclusive', 'pass'] as const

/** The verdict over several; a pass over none. */
export const worst = (verdicts: readonly Verdict[]): Verdict =>
  WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'pass'

const EXIT_CODES: Readonly<Record<Verdict, number>> = { pass: 0, fail: 1, inconclusive: 2 }

/** How a program ends that was asked for a verdict. */
export const exitCodeOf = (verdict: Verdict): number => EXIT_CODES[verdict]
