import type { Verdict } from '../integrity/verdict'
import { isPortError, type PortError } from '../ports/errors'

/** What is asked of a backup, in the order in which it is asked. */
export const BACKUP_CHECKS = [
  /** There is a manifest, and it is one. */
  'manifest',
  /** It is the manifest of this backup and not of another. */
  'name',
  /** We hold the key, and it is the key that this backup was sealed with. */
  'key',
  /** The manifest says what was written when the backup was taken. */
  'voucher',
  /** It is of the database that it is taken for. */
  'origin',
  /** It is as young as it has to be, and the clocks that say so agree. */
  'age',
  /** The stored bytes are those that were written. */
  'bytes',
  /** Every piece opens, in order, up to the last. */
  'sealed',
  /** The target's server has every role. */
  'roles',
  /** PostgreSQL took all of it into a new database. */
  'restore',
  /** Rows of every table, and large objects. */
  'content',
  /** Definitions, indexes, constraints, triggers, grants, policies, extensions, settings. */
  'catalog',
  /** No sequence gives a number out again. */
  'sequences',
] as const

export type BackupCheck = (typeof BACKUP_CHECKS)[number]

export interface CheckOutcome {
  readonly check: BackupCheck
  readonly verdict: Verdict
  /** What was found, for a machine; absent where nothing was. */
  readonly code?: string
  /** The same for a person; holds names of objects and never a value of a row. */
  readonly detail?: string
}

/** Ends the asking: what would come after could not be believed, or not be asked. */
export class CheckFailed extends Error {
  constructor(readonly outcomes: readonly CheckOutcome[]) {
    super(outcomes.map(({ check, code }) => `${check}: ${code}`).join(', '))
  }
}

export const fails = (check: BackupCheck, code: string, detail: string): CheckFailed =>
  new CheckFailed([{ check, verdict: 'fail', code, detail }])

/** Does what a check rests on; a refusal becomes its outcome. */
export async function asCheck<T>(check: BackupCheck, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isPortError(error) ? new CheckFailed([outcomeOf(check, error)]) : error
  }
}

/** Who gave no answer has not said that anything is wrong. */
export const outcomeOf = (check: BackupCheck, { failure, code, message }: PortError): CheckOutcome => ({
  check,
  verdict: failure === 'unreachable' || failure === 'throttled' ? 'inconclusive' : 'fail',
  code,
  detail: message,
})
