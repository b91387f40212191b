import type { Client } from 'pg'
import { END_OF_LOG } from './replica'
import { PINNED } from './settings'

export interface HeldSnapshot {
  /** Name under which other sessions of the same server take it. */
  readonly name: string
  /** Position in the log up to which everything stands that it sees. */
  readonly position: string
  readonly replays: boolean
}

/** How long to wait for a table that somebody holds. */
export interface LockWait {
  readonly lockWaitMs: number
}

/**
 * Begins a transaction that reads one state and lets others read the same; in a snapshot that somebody else exported, where one
 * is named. It holds still until the transaction ends.
 */
export async function holdSnapshot(client: Client, { lockWaitMs }: LockWait, taken?: string): Promise<HeldSnapshot> {
  await client.query(beginning(lockWaitMs, taken))
  // Limits that only newer servers know.
  await client.query(`select set_config(name, '0', true) from pg_settings where name = 'transaction_timeout'`)
  const { rows } = await client.query<HeldSnapshot>(
    // The first statement takes the snapshot, and asks for the end of the log after that.
    `select ${END_OF_LOG} as position,
       pg_is_in_recovery() as replays, ${taken === undefined ? 'pg_export_snapshot()' : '$1::text'} as name`,
    taken === undefined ? [] : [taken],
  )
  return rows[0]!
}

/**
 * Runs one statement in a snapshot that another session holds, in a transaction of its own: its locks are gone when it ends, so
 * that a migration waits for one piece of one table at most.
 */
export async function inSnapshot<T>(
  client: Client,
  snapshot: string,
  wait: LockWait,
  work: () => Promise<T>,
): Promise<T> {
  try {
    await client.query(beginning(wait.lockWaitMs, snapshot))
    return await work()
  } finally {
    await client.query('rollback')
  }
}

const beginning = (lockWaitMs: number, taken?: string): string =>
  [
    'begin isolation level repeatable read read only',
    ...(taken === undefined ? [] : [`set transaction snapshot '${taken.replaceAll("'", "''")}'`]),
    PINNED,
    `set local lock_timeout = ${lockWaitMs}`,
  ].join('; ')
