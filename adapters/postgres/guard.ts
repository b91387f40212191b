import type { Client } from 'pg'
import type { FenceOutcome } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import { notOfPlatform } from '../../core/policy/platform-roles'
import { sqlState } from './connect'
import { LEASE_ENDED } from './guard-schema'

/** The database's own clock, from which a lease is counted. Read it before reading the epoch. */
export async function databaseClock(client: Client): Promise<string> {
  const { rows } = await client.query<{ now: string }>('select clock_timestamp()::text as now')
  return rows[0]!.now
}

/** The right to write as the places tell it: its number, and the oldest one whose lease it carries on. */
export interface HeldEpoch {
  readonly epoch: number
  readonly continues: number
}

/**
 * Extends the lease to `leaseMs` after `countedFrom`, never shortens it, and beats the heart once. A lease that was not
 * granted under the epoch or one that it carries on stays as it is: `refused`. `closed`: renewed, and logins are closed.
 */
export async function renewLease(
  client: Client,
  { epoch, continues }: HeldEpoch,
  countedFrom: string,
  leaseMs: number,
): Promise<'renewed' | 'closed' | 'refused'> {
  const { rows } = await client.query<{ closed: boolean }>(
    `update recovery_guard.lease set ${BEATING}, epoch = $1, ended_by = null,
       valid_until = greatest(valid_until, $3::timestamptz + $4 * interval '1 ms')
     where epoch between $2 and $1 and (ended_by is null or ended_by < $1)
     returning exists (select from recovery_guard.closed_login where opened_at is null) as closed`,
    [epoch, continues, countedFrom, leaseMs],
  )
  if (!rows[0]) return 'refused'
  return rows[0].closed ? 'closed' : 'renewed'
}

/**
 * Grants the lease of an epoch and opens what was closed, both or neither; repeatable. Gives the roles that were opened.
 * Throws PortError('conflict') where the database knows of a newer epoch.
 */
export async function grantLease(client: Client, epoch: number, leaseMs: number): Promise<string[]> {
  await client.query('begin')
  const { rowCount } = await client.query(
    `update recovery_guard.lease set ${BEATING}, epoch = $1, ended_by = null,
       valid_until = clock_timestamp() + $2 * interval '1 ms'
     where epoch <= $1 and (ended_by is null or ended_by <= $1)`,
    [epoch, leaseMs],
  )
  if (rowCount !== 1)
    throw new PortError('conflict', 'EPOCH_OVERTAKEN', `the database knows a newer epoch than ${epoch}; do not open it`)
  const roles = await reopenLogins(client)
  await client.query('commit')
  return roles
}

/** Opens what was closed by us, and nothing else. Gives the roles that were closed at some time and are open. */
export async function reopenLogins(client: Client): Promise<string[]> {
  await client.query('select recovery_guard.reopen_logins()')
  const { rows } = await client.query<{ name: string }>(
    'select name from recovery_guard.closed_login where opened_at is not null order by 1',
  )
  return rows.map(({ name }) => name)
}

const BEATING = 'heartbeat = heartbeat + 1, heartbeat_at = clock_timestamp()'

/** A way to try a write as one role: resolves when the write was accepted, rejects when it was refused. */
export type TryWrite = (role: string) => Promise<void>

/**
 * Ends the lease in the name of the epoch, closes every login but the fence role's, ends their sessions, and proves it by
 * a refused write through each role.
 */
export async function closeAndProve(client: Client, epoch: number, tryWrite: TryWrite): Promise<FenceOutcome> {
  const before = await client.query<{ name: string }>(
    `select rolname as name from pg_roles where rolname <> current_user and ${notOfPlatform('rolname')}
       and (rolcanlogin or rolname in (select name from recovery_guard.closed_login)) order by 1`,
  )
  const closed = await client.query<{ ended: number }>('select recovery_guard.close_logins($1) as ended', [epoch])
  const roles = before.rows.map((row) => row.name)
  const stillWriting: string[] = []
  for (const role of roles) if (!(await isRefused(() => tryWrite(role)))) stillWriting.push(role)
  if (stillWriting.length > 0) return { kind: 'not-proven', rolesStillWriting: stillWriting }
  // What is flushed can be shipped; the closing itself has flushed everything before it.
  const { rows } = await client.query<{ lsn: string }>('select pg_current_wal_flush_lsn()::text as lsn')
  return {
    kind: 'fenced',
    rolesRefused: roles,
    sessionsTerminated: closed.rows[0]?.ended ?? 0,
    writtenUpTo: rows[0]!.lsn,
  }
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
