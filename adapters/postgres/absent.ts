import type { Client } from 'pg'
import type { AttemptId } from './loss'

const BATCH = 5000

/**
 * Ids of a log whose records the writer does not hold, in order: a second opinion on `measureLoss`, with which it shares
 * nothing but the table. Asks for a batch at a time, so that memory grows with what is absent, not with the log.
 */
export async function absentFrom(writer: Client, log: AsyncIterable<AttemptId>): Promise<AttemptId[]> {
  const absent: AttemptId[] = []
  let batch: AttemptId[] = []
  const flush = async () => {
    const { rows } = await writer.query<{ client: number; sequence: string }>(
      `select told.client, told.sequence::text as sequence from unnest($1::integer[], $2::bigint[]) as told (client, sequence)
       where not exists (select from clinic.records where client_id = told.client and client_sequence = told.sequence)`,
      [batch.map(({ client }) => client), batch.map(({ sequence }) => sequence)],
    )
    for (const { client, sequence } of rows) absent.push({ client, sequence: Number(sequence) })
    batch = []
  }
  for await (const attempt of log) if (batch.push(attempt) >= BATCH) await flush()
  await flush()
  return absent.toSorted((a, b) => a.client - b.client || a.sequence - b.sequence)
}
