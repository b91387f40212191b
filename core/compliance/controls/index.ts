import { contentHash } from '../../evidence/hash'
import { ACCESS } from './access'
import { ANVISA } from './anvisa'
import { BEYOND } from './beyond'
import { CFM } from './cfm'
import { CLASSIFICATION } from './classification'
import { CONTINUITY } from './continuity'
import type { Control } from './control'
import { ENCRYPTION } from './encryption'
import { LGPD } from './lgpd'

/** All controls, by the norm that they come from. */
export const CATALOGUE: readonly Control[] = [
  ...LGPD,
  ...ANVISA,
  ...CFM,
  ...ENCRYPTION,
  ...ACCESS,
  ...CLASSIFICATION,
  ...CONTINUITY,
  ...BEYOND,
]

/** What is asked by all of them, as one hash: a report names it, so that a control that is dropped cannot raise the score. */
export const catalogueHash = (controls: readonly Control[] = CATALOGUE): string =>
  contentHash(
    controls.map(({ id, title, norms, checks, statements }) => ({
      id,
      title,
      norms,
      checks: checks.map((check) => ({
        by: check.by,
        asks: check.asks,
        maxAgeDays: 'maxAgeDays' in check ? check.maxAgeDays : null,
      })),
      statements: statements.map((one) => ({ ...one })),
    })),
  )
