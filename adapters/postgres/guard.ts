import type { Client } from 'pg'
import type { FenceOutcome } from '../../core/ports/database'
import { sqlState } from './connect'
import { LEASE_ENDED } from './guard-schema'

/** The database's own clock, from which a lease is counted. Read it before reading the epoch. */
export async function databaseClock(client: Client): Promise<string> {
  const { rows } = await client.query<{ now: string }>('select clock_timestamp()::text as now')
  return rows[0]!.now
}

/** Extends the lease to `leaseMs` after `countedFrom`, never shortens it, and beats the heart once. */
export async function renewLease(client: Client, epoch: number, countedFrom: string, leaseMs: number): Promise<void> {
  await client.query(
    `update recovery_guard.lease set epoch = $1, heartbeat = heartbeat + 1, heartbeat_at = clock_timestamp(),
       valid_until = case when epoch = $1 then greatest(valid_until, $2::timestamptz + $3 * interval '1 ms')
                          else $2::timestamptz + $3 * interval '1 ms' end
     where epoch <= $1`,
    [epoch, countedFrom, leaseMs],
  )
}

/** A way to try a write as one role: resolves when the write was accepted, rejects when it was refused. */
export type TryWrite = (role: string) => Promise<void>

/** Closes every login but the fence role's, ends their sessions, and proves it by a refused write through each role. */
export async function closeAndProve(client: Client, tryWrite: TryWrite): Promise<FenceOutcome> {
  const before = await client.query<{ name: string }>(
    `select rolname as name from pg_roles where rolname <> current_user and rolname !~ '^rds'
       and (rolcanlogin or rolname in (select name from recovery_guard.application_role)) order by 1`,
  )
  const closed = await client.query<{ ended: number }>('select recovery_guard.close_logins() as ended')
  const roles = before.rows.map((row) => row.name)
  const stillWriting: string[] = []
  for (const role of roles) if (!(await isRefused(() => tryWrite(role)))) stillWriting.push(role)
  if (stillWriting.length > 0) return { kind: 'not-proven', rolesStillWriting: stillWriting }
  return { kind: 'fenced', rolesRefused: roles, sessionsTerminated: closed.rows[0]?.ended ?? 0 }
}

/** Only the database's own refusal proves anything; an answer that never came does not. */
async function isRefused(write: () => Promise<void>): Promise<boolean> {
  try {
    await write()
    return false
  } catch (error) {
    const state = sqlState((error as { cause?: unknown }).cause ?? error) ?? sqlState(error)
    return state !== undefined && (state.startsWith('28') || state === LEASE_ENDED)
  }
}
