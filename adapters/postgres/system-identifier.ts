import type { Client } from 'pg'
import { PortError } from '../../core/ports/errors'
import { withSession } from './connect'

/** The number that initdb gave a cluster. Its physical copies carry it too, and no other cluster does. */
export async function systemIdentifier(client: Client): Promise<string> {
  const { rows } = await client.query<{ identifier: string }>(
    'select system_identifier::text as identifier from pg_control_system()',
  )
  return rows[0]!.identifier
}

/** A `withSession` that speaks to one cluster and its copies only; any other is PortError('invalid', 'DATABASE_FOREIGN'). */
export function sessionsWith(own: string): typeof withSession {
  return (endpoint, login, deadlineMs, work) =>
    withSession(endpoint, login, deadlineMs, async (client) => {
      const found = await systemIdentifier(client)
      if (found === own) return work(client)
      throw new PortError(
        'invalid',
        'DATABASE_FOREIGN',
        `the database at '${endpoint.name}' port ${endpoint.port} has the system identifier ${found}, ours has ${own}; nothing was done to it`,
      )
    })
}
