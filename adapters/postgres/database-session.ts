import type { Client } from 'pg'
import type { DatabaseSession, InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import { grantLease } from './guard'
import { readHeartbeat } from './heartbeat'
import { replayInto, type OpenCorrection } from './ledger-replay'
import type { TableBaseline } from './fingerprint/baseline'
import { validateDatabase, type ValidatedTables } from './validation'

export interface SessionSettings {
  readonly leaseMs: number
  /** Tables of the store register. */
  readonly tables: ValidatedTables
  /** What the content has to be, recorded while all was well. */
  baseline(): Promise<readonly TableBaseline[] | undefined>
  readonly openCorrection: OpenCorrection
  /** Runs `work` in a session of the fence role with the named instance. */
  readonly withSession: <T>(ref: InstanceRef, work: (client: Client) => Promise<T>) => Promise<T>
}

/** DatabaseSession over PostgreSQL, the same for a laptop and for RDS; only how a session is opened differs. */
export function postgresSession(settings: SessionSettings): DatabaseSession {
  const { withSession } = settings
  return {
    inRecovery: (ref) =>
      withSession(
        ref,
        async (client) => (await client.query<{ r: boolean }>('select pg_is_in_recovery() as r')).rows[0]!.r,
      ),
    lastHeartbeat: (ref) => withSession(ref, readHeartbeat),
    holdsUpTo: (ref, position) =>
      withSession(ref, async (client) => {
        const { rows } = await client.query<{ held: boolean }>(
          `select case when pg_is_in_recovery() then coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false)
             else pg_current_wal_flush_lsn() >= $1::pg_lsn end as held`,
          [position],
        )
        return rows[0]!.held
      }),
    closeLogins: (ref) =>
      withSession(ref, async (client) => {
        await client.query('select recovery_guard.close_logins()')
        const { rows } = await client.query<{ name: string }>(
          `select rolname as name from pg_roles where not rolcanlogin and rolname in (select name from recovery_guard.closed_login where opened_at is null)`,
        )
        return { roles: rows.map((row) => row.name) }
      }),
    proveWrite: async (ref, key) => {
      const position = await withSession(ref, async (client) => {
        await client.query('insert into recovery_guard.proof (key) values ($1) on conflict (key) do nothing', [key])
        return (await client.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn')).rows[0]!.lsn
      })
      const { rowCount } = await withSession(ref, (client) =>
        client.query('select from recovery_guard.proof where key = $1', [key]),
      )
      if (rowCount !== 1)
        throw new PortError(
          'conflict',
          'WRITE_NOT_VISIBLE',
          `the proof written to '${ref.instance}' cannot be read by a second session`,
        )
      return { position }
    },
    validate: async (ref) =>
      validateDatabase((work) => withSession(ref, work), settings.tables, await settings.baseline()),
    replayLedger: (ref, set) => withSession(ref, (client) => replayInto(client, set, settings.openCorrection)),
    openLogins: (ref, epoch) =>
      withSession(ref, async (client) => ({ roles: await grantLease(client, epoch, settings.leaseMs) })),
  }
}
