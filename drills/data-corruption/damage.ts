import type { Client } from 'pg'
import { systemClock } from '../../adapters/local/clock'
import { withSession } from '../../adapters/postgres/connect'
import { again } from '../again'
import { now, type Strike } from '../strike'
import type { Stage } from '../stage'

/** What was done to the data, and by which transaction where one did it. */
export interface Damage {
  readonly struck: Strike
  readonly transaction?: string
}

const STATEMENT_MS = 60_000

/** A page of a table that nobody happens to write. */
export async function flipPage({ world }: Stage): Promise<Damage> {
  const struck = now()
  await world.damagePage('clinic.prescriptions')
  return { struck }
}

/** The statement that somebody forgets the condition of, in a session of the application. */
export async function rewriteValues({ world }: Pick<Stage, 'world'>): Promise<Damage> {
  const login = world.plan.login('clinic_app')
  return again(systemClock, () => withSession(world.endpointOf(world.primary), login, STATEMENT_MS, rewriteAll))
}

async function rewriteAll(client: Client): Promise<Damage> {
  const struck = now()
  await client.query('begin')
  await client.query(`update clinic.appointments set status = 'cancelled', minutes = 15`)
  const { rows } = await client.query<{ id: string }>('select pg_current_xact_id()::text as id')
  await client.query('commit')
  return { struck, transaction: rows[0]!.id }
}
