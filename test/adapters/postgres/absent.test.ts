import type { Client } from 'pg'
import { absentFrom } from '../../../adapters/postgres/absent'
import type { AttemptId } from '../../../adapters/postgres/loss'
import { startDatabase, type TestDatabase } from './database'

let database: TestDatabase
let writer: Client
beforeAll(async () => {
  database = await startDatabase()
  writer = await database.session()
}, 60_000)
afterAll(() => database?.remove())
afterEach(() => writer.query('delete from clinic.records where client_id is not null'))

async function* told(client: number, sequences: readonly number[]): AsyncIterable<AttemptId> {
  for (const sequence of sequences) yield { client, sequence }
}

/** Every record of a client up to a number, but for those left out. */
const hold = (client: number, upTo: number, missing: readonly number[]) =>
  writer.query(
    `insert into clinic.records (patient_id, body, body_md5, client_id, client_sequence)
     select 1, 'note', md5('note'), $1, s from generate_series(1, $2::bigint) s where s <> all ($3::bigint[])`,
    [client, upTo, missing],
  )

const absent = async (log: AsyncIterable<AttemptId>): Promise<AttemptId[]> => {
  const found: AttemptId[] = []
  await absentFrom(writer, log, (ids) => void found.push(...ids))
  return found
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)

// More than two batches, with a gap at each end, across the border of a batch, and in the last one that is not full.
test('what is absent is found wherever in the log it stands, in order', async () => {
  const gaps = [1, 4999, 5000, 5001, 10_000, 12_345]
  await hold(7, 12_345, gaps)
  expect(await absent(told(7, upTo(12_345).toReversed()))).toEqual(gaps.map((sequence) => ({ client: 7, sequence })))
})

test('another client having written the same number is no excuse', async () => {
  await hold(8, 3, [])
  expect(await absent(told(9, [2]))).toEqual([{ client: 9, sequence: 2 }])
})

test('an empty log has lost nothing', async () => {
  expect(await absent(told(1, []))).toEqual([])
})
