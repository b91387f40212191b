import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { WriterEpoch } from '../../core/coordination/writer-epoch'
import { PortError } from '../../core/ports/errors'
import type { DatabaseReadiness } from '../../core/readiness/ports'
import { sqlState } from './connect'
import { ARCHIVE_ROLE, grantArchiveRole } from './archive-role'
import { scheduleDeadMan } from './dead-man'
import { governLogins, grantFenceRole } from './fence-role'
import { FENCE_ROLE, GUARD_SCHEMA } from './guard-schema'
import { keepsCommitTimes } from './commit-times'

/** `lock_not_available`: somebody holds the table for longer than we let the application wait behind us. */
const LOCKED = '55P03'
const LOCK_WAIT = '2s'
const LOOK_AGAIN_MS = 500

/**
 * Guard schema, fence role and the first lease, already ended: the guard brings it to life. Repeatable. Gives what the
 * session's role could not grant. Throws PortError('conflict') where a later epoch is in force and the lease row is gone.
 */
export async function installGuard(
  client: Client,
  tables: readonly string[],
  epoch: WriterEpoch,
): Promise<Pick<DatabaseReadiness, 'rolesNotClosed' | 'privilegesMissing'>> {
  await client.query(GUARD_SCHEMA)
  const privilegesMissing = await grantFenceRole(client, await existing(client, tables))
  const rolesNotClosed = await governLogins(client)
  if (epoch.epoch === 1)
    await client.query(
      `insert into recovery_guard.lease (epoch, valid_until) values (1, '-infinity') on conflict do nothing`,
    )
  else if ((await client.query('select from recovery_guard.lease')).rowCount === 0)
    throw new PortError(
      'conflict',
      'LEASE_MISSING',
      `epoch ${epoch.epoch} is in force, but this database was never granted a lease; find out whether it is the one that served`,
    )
  return { rolesNotClosed, privilegesMissing }
}

/** Gives the lease triggers to the tables that have none. A table that somebody holds is left for the next time. */
export async function protectTables(
  client: Client,
  tables: readonly string[],
): Promise<Pick<DatabaseReadiness, 'protectedTables' | 'missingTables' | 'unprotectedTables'>> {
  const there = await existing(client, tables)
  await client.query(`set lock_timeout = '${LOCK_WAIT}'`)
  const unprotectedTables: string[] = []
  for (const table of await withoutTrigger(client, there)) {
    try {
      await client.query('select recovery_guard.protect($1)', [table])
    } catch (error) {
      if (sqlState(error) !== LOCKED) throw error
      unprotectedTables.push(table)
    }
  }
  return {
    protectedTables: there.length - unprotectedTables.length,
    missingTables: tables.filter((table) => !there.includes(table)),
    unprotectedTables,
  }
}

export interface PreparationSettings {
  /** Tables of the store register. */
  readonly tables: readonly string[]
  readonly epoch: WriterEpoch
  /** Longest wait for a guard that keeps the lease. */
  readonly waitMs: number
  /** How long a lease may be stale before the database closes itself. */
  readonly graceSeconds: number
}

/**
 * Prepares a database that may be serving already: its tables are protected, and its dead man is scheduled, only once a
 * guard keeps the lease, or every write would be refused and every login closed. Waits for that no longer than given.
 */
export async function prepareDatabase(
  client: Client,
  { tables, epoch, waitMs, graceSeconds }: PreparationSettings,
): Promise<DatabaseReadiness> {
  if ((await client.query<{ r: boolean }>('select pg_is_in_recovery() as r')).rows[0]!.r)
    throw new PortError('invalid', 'NOT_THE_WRITER', 'a replica is prepared by what it replays; prepare its source')
  // First, so that the guard may close its logins like those of any other role.
  const archiveMissing = await grantArchiveRole(client)
  const guard = await installGuard(client, tables, epoch)
  const hidden = await rowsHidden(client, await existing(client, tables))
  const commitTimes = (await keepsCommitTimes(client)) ? ('kept' as const) : ('off' as const)
  const installed = {
    ...guard,
    commitTimes,
    privilegesMissing: [...guard.privilegesMissing, ...archiveMissing, ...hidden],
  }
  if (await isKept(client, waitMs))
    return {
      ...installed,
      ...(await protectTables(client, tables)),
      deadMan: await scheduleDeadMan(client, graceSeconds),
    }
  const there = await existing(client, tables)
  const unprotectedTables = await withoutTrigger(client, there)
  return {
    ...installed,
    protectedTables: there.length - unprotectedTables.length,
    missingTables: tables.filter((table) => !there.includes(table)),
    unprotectedTables,
    deadMan: 'missing',
  }
}

/**
 * Readers of ours from whom a policy hides rows of some table. They may not pass it by themselves, and read with row-level
 * security off, so that a comparison or a dump fails instead of seeing less.
 */
async function rowsHidden(client: Client, tables: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ missing: string }>(
    `select distinct 'bypassrls:' || rolname as missing from pg_roles
     where rolname = any($2) and not (rolbypassrls or rolsuper)
       and exists (select from pg_class where oid = any($1::regclass[]) and relrowsecurity) order by 1`,
    [tables, [FENCE_ROLE, ARCHIVE_ROLE]],
  )
  return rows.map(({ missing }) => missing)
}

async function isKept(client: Client, waitMs: number): Promise<boolean> {
  for (const deadline = performance.now() + waitMs; ; await sleep(LOOK_AGAIN_MS)) {
    const { rowCount } = await client.query('select from recovery_guard.lease where clock_timestamp() < valid_until')
    if (rowCount === 1) return true
    if (performance.now() >= deadline) return false
  }
}

async function existing(client: Client, tables: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'select name from unnest($1::text[]) with ordinality listed(name, at) where to_regclass(name) is not null order by at',
    [tables],
  )
  return rows.map(({ name }) => name)
}

/** `A`: the trigger fires always, also for a session that plays replica. */
async function withoutTrigger(client: Client, tables: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select name from unnest($1::text[]) with ordinality listed(name, at) where not exists
       (select from pg_trigger where tgrelid = to_regclass(name) and tgname = 'require_lease' and tgenabled = 'A') order by at`,
    [tables],
  )
  return rows.map(({ name }) => name)
}
