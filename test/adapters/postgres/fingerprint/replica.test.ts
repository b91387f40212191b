import type { Client } from 'pg'
import {
  compareDatabases,
  type CompareDatabasesOptions,
  type Sessions,
} from '../../../../adapters/postgres/fingerprint/compare-databases'
import { startPair, type Pair } from '../../local/pair'
import { alterPage } from './altered-page'
import { OPTIONS } from './contents'

const COMPARED: CompareDatabasesOptions = {
  ...OPTIONS,
  recheck: { looks: 40, pauseMs: 50, replicaWaitMs: 20_000 },
}

let pair: Pair
let writer: Client
beforeAll(async () => {
  pair = await startPair()
  writer = await pair.session('primary', 'postgres')
  // Written in each transaction of the load; without a guard their rows are anybody's.
  await writer.query(`create extension pageinspect; create extension pg_buffercache; create schema load;
    create table load.counters (id int primary key, n bigint not null, note text);
    insert into load.counters select n, 0, 'synthetic note ' || n from generate_series(1, 300) n;
    create table load.still (id int primary key, note text); insert into load.still select n, 'synthetic note ' || n from generate_series(1, 300) n;
    create table load.log (at timestamptz, n bigint); create sequence load.number;
    create table load.people (document text primary key, note text); insert into load.people select 'document ' || n, 'note ' || n from generate_series(1, 50) n;
    create unlogged table load.cache (k int primary key)`)
}, 120_000)
afterAll(() => pair?.remove())

const sessions = (node: 'primary' | 'replica'): Promise<Sessions> =>
  Promise.all([pair.session(node, 'postgres'), pair.session(node, 'postgres')])

async function compared(options: Partial<CompareDatabasesOptions> = {}) {
  const [source, copy] = [await sessions('primary'), await sessions('replica')]
  try {
    return await compareDatabases(source, copy, { ...COMPARED, ...options })
  } finally {
    await Promise.all([...source, ...copy].map((session) => session.end()))
  }
}

/** Writes as fast as the server takes it, to few rows, so that most of them move between any two looks. */
async function underLoad<T>(work: () => Promise<T>): Promise<{ result: T; transactions: number }> {
  const over = new AbortController()
  let transactions = 0
  const clients = await Promise.all([1, 2].map(() => pair.session('primary', 'postgres')))
  const loads = clients.map(async (client) => {
    while (!over.signal.aborted) {
      // There and back: a value may be what it was and the row yet another one.
      await client.query(`with u as (update load.counters set n = 1 - n where id = 1 + floor(random() * 5) returning n)
        insert into load.log select clock_timestamp(), nextval('load.number') from u`)
      transactions++
    }
    await client.end()
  })
  try {
    return { result: await work(), transactions }
  } finally {
    over.abort()
    await Promise.all(loads)
  }
}

test('a replica that is still has everything', async () => {
  const { verdict, findings, relation, copy } = await compared()
  expect(relation).toBe('replica')
  expect(copy?.replays).toBe(true)
  expect(findings.filter((finding) => finding.verdict !== 'pass')).toEqual([])
  expect(verdict).toBe('pass')
  // Its rows are nowhere but on the primary.
  expect(findings).toContainEqual({ code: 'TABLE_UNREAD', object: 'load.cache', verdict: 'pass', detail: 'UNLOGGED' })
}, 60_000)

test('under load there is no false alarm', async () => {
  const { result, transactions } = await underLoad(async () => {
    const verdicts = []
    for (let run = 0; run < 5; run++) verdicts.push(await compared())
    return verdicts
  })
  expect(transactions).toBeGreaterThan(50)
  expect(result.flatMap(({ findings }) => findings.filter(({ verdict }) => verdict !== 'pass'))).toEqual([])
}, 180_000)

/** Changes a row of the replica's file alone, checksum and all, so that no server notices. */
async function alter(table: string, was: string, becomes: string): Promise<() => Promise<void>> {
  const replica = await pair.session('replica', 'postgres')
  // Or the next reader of the primary would note in the page what has ended, and ship the whole page.
  await writer.query(`vacuum freeze ${table}`)
  await writer.query('checkpoint')
  await caughtUp(replica)
  const undo = await alterPage(replica, { table, was, becomes })
  return async () => {
    await undo()
    await replica.end()
  }
}

async function caughtUp(replica: Client): Promise<void> {
  const { rows } = await writer.query<{ at: string }>('select pg_current_wal_flush_lsn()::text as at')
  for (;;) {
    const there = await replica.query<{ ok: boolean }>('select pg_last_wal_replay_lsn() >= $1::pg_lsn as ok', [
      rows[0]!.at,
    ])
    if (there.rows[0]!.ok) return
  }
}

test('one changed row of a replica is found under load, and named by its number', async () => {
  const undo = await alter('load.still', 'synthetic note 77', 'synthetic mote 77')
  const { result } = await underLoad(() => compared())
  await undo()
  expect(result.verdict).toBe('fail')
  expect(result.findings).toContainEqual(expect.objectContaining({ code: 'CONTENT_DIFFERS', object: 'load.still' }))
  // What the load writes differs too whenever one looks, and is not told as damage.
  expect(result.differences).toEqual([
    {
      table: 'load.still',
      missing: 0,
      unexpected: 0,
      changed: 1,
      moving: 0,
      complete: true,
      buckets: 4096,
      rows: [{ how: 'changed', key: '77', bucket: expect.any(String) }],
    },
  ])
}, 120_000)

test('a key that is data of a person is not told, nor what it hashes to', async () => {
  const undo = await alter('load.people', 'note 9', 'nope 9')
  const { verdict, differences } = await compared()
  await undo()
  expect(verdict).toBe('fail')
  expect(differences).toMatchObject([{ table: 'load.people', changed: 1, rows: [{ how: 'changed' }] }])
  expect(differences[0]!.rows[0]).not.toHaveProperty('key')
  expect(JSON.stringify(differences)).not.toContain('document')
}, 60_000)

test('a replica that replays nothing is not judged', async () => {
  const replica = await pair.session('replica', 'postgres')
  await replica.query('select pg_wal_replay_pause()')
  await writer.query(`insert into load.log values (now(), 0)`)
  const { verdict, findings } = await compared({ recheck: { ...COMPARED.recheck, replicaWaitMs: 300 } })
  await replica.query('select pg_wal_replay_resume()')
  await replica.end()
  expect({ verdict, findings }).toMatchObject({ verdict: 'inconclusive', findings: [{ code: 'REPLICA_BEHIND' }] })
})
