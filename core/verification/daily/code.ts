import { found, judgeOne, type Judge } from './judge'

/** The newest copy of the source code in the region is fresh, signed and whole. */
export const code: Judge = (facts) =>
  judgeOne(facts.code, ({ findings, ageMinutes }) =>
    findings.length === 0
      ? []
      : [found('code-unsound', 'source-code', { findings: [...findings], ageMinutes: ageMinutes ?? null })],
  )
