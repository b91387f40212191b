import { BACKUPS, BACKUPS_UNTRACED } from './backups'
import { DISASTERS, DISASTERS_UNTRACED } from './disasters'
import { PROTECTION, PROTECTION_UNTRACED } from './protection'
import type { Trace, Untraced } from './trace'

export { answersOf, broken, TRACE_TEST, type Answer, type Trace } from './trace'

/** A section of the procedure: what resources keep of it, and what none does. */
export interface TracedSection {
  readonly title: string
  readonly kept: readonly Trace[]
  readonly untraced: readonly Untraced[]
}

/** The sections of the procedure that speak of backups, disasters and protection. */
export const TRACEABILITY: readonly TracedSection[] = [
  { title: '2. Backups', kept: BACKUPS, untraced: BACKUPS_UNTRACED },
  { title: '3. Disasters', kept: DISASTERS, untraced: DISASTERS_UNTRACED },
  { title: '4. Protection of data', kept: PROTECTION, untraced: PROTECTION_UNTRACED },
]
