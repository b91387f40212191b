import type { Client } from 'pg'
import type { AttemptId } from './loss'

/**
 * Ids of a log whose records the writer does not hold, in order. One plain read and a set in memory: a second opinion on
 * `measureLoss`, with which it shares nothing but the table.
 */
export async function absentFrom(writer: Client, log: AsyncIterable<AttemptId>): Promise<AttemptId[]> {
  const { rows } = await writer.query<{ client: number; sequence: string }>(
    'select client_id as client, client_sequence::text as sequence from clinic.records where client_id is not null',
  )
  const held = new Set(rows.map(({ client, sequence }) => `${client}:${sequence}`))
  const absent: AttemptId[] = []
  for await (const { client, sequence } of log)
    if (!held.has(`${client}:${sequence}`)) absent.push({ client, sequence })
  return absent.toSorted((a, b) => a.client - b.client || a.sequence - b.sequence)
}
