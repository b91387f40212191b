import { withSession, type Endpoint } from '../postgres/connect'
import { APPLICATION_ROLES, CLINIC_SCHEMA, CLINIC_TABLES, SEED } from '../postgres/clinic-schema'
import { fingerprint, type TableFingerprint } from '../postgres/fingerprint'
import { FENCE_ROLE, GUARD_SCHEMA } from '../postgres/guard-schema'
import { SUPERUSER, type WorldPlan } from './world-plan'

const SEED_DEADLINE_MS = 600_000

/** Schema, roles, guard and synthetic people of a new primary. Returns what its content is, to judge a recovery by. */
export function seedPrimary(
  endpoint: Endpoint,
  plan: WorldPlan,
  patients: number,
  leaseMs: number,
): Promise<TableFingerprint[]> {
  const password = (role: string) => `'${plan.login(role).password}'`
  return withSession(endpoint, plan.login(SUPERUSER), SEED_DEADLINE_MS, async (client) => {
    await client.query(CLINIC_SCHEMA)
    await client.query(SEED(patients))
    await client.query(GUARD_SCHEMA)
    await client.query(`create role replicator replication login password ${password('replicator')}`)
    await client.query(`create role ${FENCE_ROLE} superuser login password ${password(FENCE_ROLE)}`)
    // A fence must not wait for a synchronous standby that the fault has taken away.
    await client.query(`alter role ${FENCE_ROLE} set synchronous_commit = local`)
    await client.query('grant usage on schema clinic to public')
    for (const role of APPLICATION_ROLES) {
      await client.query(`create role ${role} login password ${password(role)}`)
      await client.query(`grant select, insert, update on all tables in schema clinic to ${role}`)
    }
    await client.query(
      `insert into recovery_guard.lease (epoch, valid_until) values (1, clock_timestamp() + $1 * interval '1 ms')`,
      [leaseMs],
    )
    for (const table of CLINIC_TABLES) await client.query('select recovery_guard.protect($1)', [table])
    await client.query('analyze')
    return fingerprint(client, CLINIC_TABLES)
  })
}
