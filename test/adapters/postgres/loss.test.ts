import type { Client } from 'pg'
import { measureLoss, type AttemptEntry, type AttemptId } from '../../../adapters/postgres/loss'
import { startDatabase, type TestDatabase } from './database'

let database: TestDatabase
let writer: Client
beforeAll(async () => {
  database = await startDatabase()
  writer = await database.session()
}, 60_000)
afterAll(() => database?.remove())
afterEach(() => writer.query('delete from clinic.records where client_id is not null'))

const SECOND = 1_000_000_000n
const at = (seconds: number): string =>
  String(12_345_678_901_234_567n + BigInt(Math.round(seconds * 1000)) * (SECOND / 1000n))
const entry = (client: number, seq: number, kind: AttemptEntry['kind'], seconds: number): AttemptEntry => ({
  client,
  sequence: seq,
  kind,
  atNs: at(seconds),
})

async function* stream(entries: readonly AttemptEntry[]): AsyncIterable<AttemptEntry> {
  yield* entries
}

async function measure(entries: readonly AttemptEntry[]) {
  const ids: Record<string, AttemptId[]> = { lost: [], ghost: [], unknown: [] }
  const loss = await measureLoss(writer, stream(entries), (kind, found) => void ids[kind]!.push(...found))
  return { loss, ids }
}

const hold = (client: number, ...sequences: number[]) =>
  writer.query(
    `insert into clinic.records (patient_id, body, body_md5, client_id, client_sequence)
     select 1, 'note ' || s, md5('note ' || s), $1, s from unnest($2::bigint[]) s`,
    [client, sequences],
  )

test('a record that was acknowledged and is absent is lost, and the span is taken from acknowledgement times', async () => {
  await hold(1, 1, 2)
  const { loss, ids } = await measure([
    entry(1, 1, 'acknowledged', 0),
    entry(1, 2, 'acknowledged', 10),
    entry(1, 3, 'acknowledged', 210),
    entry(1, 4, 'acknowledged', 410.25),
  ])
  expect(loss).toMatchObject({ acknowledged: 4, lost: 2, rpoSeconds: 400.25 })
  expect(ids['lost']).toEqual([
    { client: 1, sequence: 3 },
    { client: 1, sequence: 4 },
  ])
})

test('nothing lost is zero seconds, also when refused and unknown attempts are absent', async () => {
  await hold(1, 1)
  const { loss } = await measure([
    entry(1, 1, 'acknowledged', 0),
    entry(1, 2, 'refused', 1),
    entry(1, 3, 'unknown', 2),
    entry(1, 4, 'intent', 3),
  ])
  expect(loss).toMatchObject({ acknowledged: 1, lost: 0, ghost: 0, unknown: 2, unknownPresent: 0, rpoSeconds: 0 })
})

test('a refused record that is present is a ghost; an unknown one that is present is neither lost nor a ghost', async () => {
  await hold(2, 1, 2, 3)
  const { loss, ids } = await measure([
    entry(2, 1, 'refused', 0),
    entry(2, 2, 'intent', 1),
    // No outcome before the next intent: the client died in between and came back.
    entry(2, 3, 'intent', 2),
    entry(2, 3, 'acknowledged', 2),
  ])
  expect(loss).toMatchObject({ lost: 0, ghost: 1, unknown: 1, unknownPresent: 1 })
  expect(ids['ghost']).toEqual([{ client: 2, sequence: 1 }])
  expect(ids['unknown']).toEqual([{ client: 2, sequence: 2 }])
})

test('a record that is no longer what the client wrote is damaged', async () => {
  await hold(3, 1)
  await writer.query(`update clinic.records set body = 'changed' where client_id = 3`)
  expect((await measure([entry(3, 1, 'acknowledged', 0)])).loss.damaged).toBe(1)
})

test('more attempts than one batch holds are all compared, and their ids arrive in order', async () => {
  const COUNT = 12_000
  const sequences = Array.from({ length: COUNT }, (_, i) => i + 1)
  await hold(4, ...sequences.filter((s) => s % 2 === 0))
  const { loss, ids } = await measure(sequences.map((s) => entry(4, s, 'acknowledged', s / 1000)))
  expect(loss).toMatchObject({ acknowledged: COUNT, lost: COUNT / 2 })
  expect(ids['lost']!.map((id) => id.sequence)).toEqual(sequences.filter((s) => s % 2 === 1))
})
