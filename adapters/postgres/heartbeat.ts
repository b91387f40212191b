import type { Client } from 'pg'

/** The last sign of life that the guard wrote, as this node holds it; undefined where the database was never prepared. */
export async function readHeartbeat(client: Client): Promise<{ sequence: number; at: string } | undefined> {
  const { rows } = await client.query<{ heartbeat: string; at: Date }>(
    'select heartbeat, heartbeat_at as at from recovery_guard.lease',
  )
  const [row] = rows
  return row && { sequence: Number(row.heartbeat), at: row.at.toISOString() }
}
