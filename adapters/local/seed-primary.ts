import type { WriterEpoch } from '../../core/coordination/writer-epoch'
import { withSession, type Endpoint } from '../postgres/connect'
import { APPLICATION_ROLES, CLINIC_SCHEMA, CLINIC_TABLES, SEED } from '../postgres/clinic-schema'
import { takeBaseline, type TableBaseline } from '../postgres/fingerprint/baseline'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { installGuard, protectTables } from '../postgres/preparation'
import { SUPERUSER, type WorldPlan } from './world-plan'

const SEED_DEADLINE_MS = 600_000

/** Schema, roles, guard and synthetic people of a new primary. Returns what its content is, to judge a recovery by. */
export function seedPrimary(
  endpoint: Endpoint,
  plan: WorldPlan,
  patients: number,
  epoch: WriterEpoch,
): Promise<TableBaseline[]> {
  const password = (role: string) => `'${plan.login(role).password}'`
  return withSession(endpoint, plan.login(SUPERUSER), SEED_DEADLINE_MS, async (client) => {
    await client.query(CLINIC_SCHEMA)
    await client.query(SEED(patients))
    await client.query(`create role replicator replication login password ${password('replicator')}`)
    await client.query(`create role ${FENCE_ROLE} superuser login password ${password(FENCE_ROLE)}`)
    await client.query('grant usage on schema clinic to public')
    for (const role of APPLICATION_ROLES) {
      await client.query(`create role ${role} login password ${password(role)}`)
      await client.query(`grant select, insert, update on all tables in schema clinic to ${role}`)
    }
    await installGuard(client, CLINIC_TABLES, epoch)
    // Nobody writes yet, so there is no guard to wait for.
    await protectTables(client, CLINIC_TABLES)
    await client.query('analyze')
    return takeBaseline(client, CLINIC_TABLES)
  })
}
