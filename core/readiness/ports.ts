import type { WriterEpoch } from '../coordination/writer-epoch'
import type { Json } from '../json'

/** What the serving database lacks for a failover; every list is empty in one that is ready. Names only. */
export interface DatabaseReadiness {
  /** Tables of the store register that the lease protects. */
  readonly protectedTables: number
  /** Tables of the store register that do not exist. */
  readonly missingTables: readonly string[]
  /** Tables that could not be given the trigger yet, because the lease is not renewed or somebody holds a lock. */
  readonly unprotectedTables: readonly string[]
  /** Login roles that the fence cannot close; the lease refuses their writes all the same. */
  readonly rolesNotClosed: readonly string[]
  /** Whether the database was told to close itself when its guard has died; it is not, while no guard keeps the lease. */
  readonly deadMan: 'scheduled' | 'missing'
  /** Whether it is known when each transaction was committed: what a return to a transaction and the list of later writes rest on. */
  readonly commitTimes: 'kept' | 'off'
  /** Privileges that the fence role could not be given. */
  readonly privilegesMissing: readonly string[]
}

/** A new baseline, and what it says of the one before. */
export interface TakenBaseline {
  readonly tables: Json
  /** Tables in which what the held baseline covers is not what it was; undefined where none was held. */
  readonly differing?: readonly string[]
  /** Those of them of which the server says that their pages are damaged. */
  readonly damaged?: readonly string[]
  /** Number of the first transaction since then that has rewritten what it covers; undefined where none is known. */
  readonly rewrittenBy?: string
}

/** A baseline that was recorded before. */
export interface HeldBaseline {
  readonly recordedAt: string
  readonly tables: Json
}

/** Prepares the database that serves. Both calls may be repeated at any time. */
export interface DatabasePreparation {
  /** Guard schema, fence role, first lease, lease triggers. Throws PortError('conflict') where the lease was lost. */
  prepare(epoch: WriterEpoch): Promise<DatabaseReadiness>
  /**
   * Content of the tables whose rows never change, to judge a recovery by, and whether what was held before is still so. Takes
   * a pass over each, and another one where something was held.
   */
  baseline(held: HeldBaseline | undefined): Promise<TakenBaseline>
}
