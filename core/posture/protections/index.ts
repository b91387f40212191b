import { BACKUPS } from './backups'
import { BUCKETS } from './buckets'
import { DATABASE } from './database'
import { HARMLESS, MORE_PROTECTS, type Harmless } from './harmless'
import { KEYS } from './keys'
import { POLICY_HARMLESS, POLICY_MORE_PROTECTS, PROMISES } from './promises'
import { REACH } from './reach'
import type { ProtectionRow } from './row'
import { WATCH } from './watch'

export { HARMLESS_TYPES, type Harmless } from './harmless'
export { opening, withoutUsual } from './openings'
export { POLICY_HARMLESS, PROMISES } from './promises'
export type { ProtectionRow, Term } from './row'

/** Every property whose values are ordered. What is in no row is held exactly, but for what is listed as harmless. */
export const PROTECTIONS: readonly ProtectionRow[] = [...DATABASE, ...BACKUPS, ...BUCKETS, ...KEYS, ...REACH, ...WATCH]

/** The rows of a type; of the policy for `policy`. */
export const rowsOf = (type: string): readonly ProtectionRow[] =>
  (type === 'policy' ? PROMISES : PROTECTIONS).filter((row) => row.type === type)

/** What may change freely in a type. */
export const harmlessIn = (type: string): readonly Harmless[] =>
  [...HARMLESS, ...POLICY_HARMLESS].filter((one) => one.type === type || (one.type === '*' && type !== 'policy'))

/** The same without what a row reaches into: tags are free, but not the values of those by which plans select. */
export const wholeHarmlessIn = (type: string): readonly Harmless[] =>
  harmlessIn(type).filter(({ path }) => !rowsOf(type).some((row) => row.path.startsWith(`${path}.`)))

/** What protects more by being there. */
export const moreProtectsIn = (type: string): readonly Harmless[] =>
  [...MORE_PROTECTS, ...POLICY_MORE_PROTECTS].filter((one) => one.type === type)
