import { again } from '../again'
import type { Stage } from '../stage'

/** Rows that somebody deletes after the moment that is returned to, as users do. */
export interface LaterDeletion {
  readonly rows: number
  carryOut(): Promise<void>
}

const ROWS = 3
const PURPOSE = 'deleted after the damage'

/** Writes the rows while nothing has happened, so that what is recovered holds them. */
export async function plantDeletion({ world, ports }: Stage): Promise<LaterDeletion> {
  const onPrimary = (statement: string, values: unknown[]) =>
    again(ports.clock, () => world.withInstance(world.primary, (client) => client.query(statement, values)))
  await onPrimary(
    'insert into clinic.consents (patient_id, purpose, given_at) select 1, $1, now() from generate_series(1, $2::int)',
    [PURPOSE, ROWS],
  )
  return {
    rows: ROWS,
    carryOut: async () => void (await onPrimary('delete from clinic.consents where purpose = $1', [PURPOSE])),
  }
}
