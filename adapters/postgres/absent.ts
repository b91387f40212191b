import type { Client } from 'pg'
import type { AttemptId } from './loss'

const BATCH = 5000

/**
 * Ids of a log whose records the writer does not hold, in order: a second opinion on `measureLoss`, with which it shares
 * nothing but the table. `onIds` receives them in batches; the log and the answer lie in the database, not in memory.
 */
export async function absentFrom(
  writer: Client,
  log: AsyncIterable<AttemptId>,
  onIds: (ids: readonly AttemptId[]) => Promise<void> | void,
): Promise<void> {
  await writer.query('create temp table told (client integer, sequence bigint)')
  try {
    let batch: AttemptId[] = []
    const flush = async () => {
      await writer.query('insert into told select * from unnest($1::integer[], $2::bigint[])', [
        batch.map(({ client }) => client),
        batch.map(({ sequence }) => sequence),
      ])
      batch = []
    }
    for await (const attempt of log) if (batch.push(attempt) >= BATCH) await flush()
    await flush()
    await writer.query(
      `create temp table absent as select client, sequence from told where not exists
         (select from clinic.records where client_id = told.client and client_sequence = told.sequence)`,
    )
    await writer.query('create index on absent (client, sequence)')
    for (let after: AttemptId = { client: -1, sequence: -1 }; ;) {
      const { rows } = await writer.query<{ client: number; sequence: string }>(
        `select client, sequence from absent where (client, sequence) > ($1, $2) order by client, sequence limit ${BATCH}`,
        [after.client, after.sequence],
      )
      if (rows.length === 0) return
      const ids = rows.map(({ client, sequence }) => ({ client, sequence: Number(sequence) }))
      await onIds(ids)
      after = ids.at(-1)!
    }
  } finally {
    await writer.query('drop table if exists told, absent')
  }
}
