import type { Client } from 'pg'
import { GUARD_SCHEMA } from '../../../adapters/postgres/guard-schema'
import { sealCorrection, storeCorrection } from '../../../core/coordination/corrections'
import type { SessionStage } from '../../contracts/database-session'
import type { FenceStage } from '../../contracts/fence'
import { WRITE_OF_NO_ROW, type Pair } from './pair'

/** Promotes the replica of a pair by PostgreSQL's own means and waits until it is a primary. */
export async function promoteWithin(pair: Pair): Promise<void> {
  const onReplica = await pair.session('replica')
  await onReplica.query('select pg_promote(true)')
}

/** Leaves one role able to log in and its sessions alive: what a mistake in the function would look like. */
const CLOSE_ALL_BUT_ONE = `
create or replace function recovery_guard.close_logins(by_epoch bigint default null) returns integer language plpgsql as $body$
declare role name;
begin
  for role in select rolname from pg_roles where rolcanlogin and rolname not in ('recovery_fence', 'clinic_app') loop
    execute format('alter role %I nologin', role);
  end loop;
  return 0;
end $body$`

/** What a fence of the pair's primary meets; the fence itself is the adapter's. */
export async function fenceStageOf(
  pair: Pair,
): Promise<Pick<FenceStage, 'primary' | 'acceptsWrites' | 'missRole' | 'reset'>> {
  const keeper = await pair.session('primary')
  let connected: Client | undefined
  return {
    primary: pair.primary,
    acceptsWrites: async () => {
      const stayed = await connected!.query(WRITE_OF_NO_ROW).then(
        () => true,
        () => false,
      )
      return stayed || (await pair.canWrite('primary', 'clinic_app'))
    },
    missRole: async () => void (await keeper.query(CLOSE_ALL_BUT_ONE)),
    reset: async () => {
      for (const link of Object.values(pair.links)) link.heal()
      await keeper.query(GUARD_SCHEMA)
      await keeper.query(
        `update recovery_guard.lease set ended_by = null, valid_until = clock_timestamp() + interval '1 hour'`,
      )
      await keeper.query('delete from recovery_guard.closed_login')
      const { rows } = await keeper.query<{ role: string }>(
        `select rolname as role from pg_roles where not rolcanlogin and rolname !~ '^(pg_|rds)'`,
      )
      for (const { role } of rows) await keeper.query(`alter role ${role} login`)
      connected = await pair.session('primary', 'clinic_app')
    },
  }
}

/** What a database session meets on the pair's replica; the session itself is the adapter's. */
export function sessionStageOf(pair: Pair): Omit<SessionStage, 'session'> {
  return {
    node: pair.replica,
    promote: () => promoteWithin(pair),
    acceptsWrites: () => pair.canWrite('replica', 'clinic_app'),
    damage: async () => {
      const owner = await pair.session('replica')
      await owner.query(`update recovery_guard.lease set valid_until = clock_timestamp() + interval '1 minute'`)
      await owner.query(`update clinic.records set body = body || ' changed' where id = 1`)
    },
    person: async (code) => {
      const reader = await pair.session('replica')
      const { rows } = await reader.query<Awaited<ReturnType<SessionStage['person']>>>(
        `select erased_at is not null as erased, blocked_at is not null as blocked, phone,
           (select count(*)::int from clinic.consents where patient_id = p.id and withdrawn_at is null) as "openConsents"
         from clinic.patients p where code = $1`,
        [code],
      )
      return rows[0]!
    },
    keepCorrection: async (id, fields) =>
      storeCorrection(pair.stores.recovery, id, await sealCorrection(pair.keys, id, fields)),
    defy: async (code) => {
      const owner = await pair.session('replica')
      await owner.query(`create function defy() returns trigger language plpgsql as 'begin return old; end';
        create trigger defy before update on clinic.patients for each row when (old.code = '${code}') execute function defy()`)
      return async () => void (await owner.query('drop function defy cascade'))
    },
    mayLogIn: (role) => pair.canLogIn('replica', role),
    cut: () => pair.links.toReplica.cut(),
    heal: () => pair.links.toReplica.heal(),
    remove: pair.remove,
  }
}
