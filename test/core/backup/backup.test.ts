import { randomUUID } from 'node:crypto'
import { KeyWrapping } from '../../../adapters/local/key-wrapping'
import { MemoryBackups } from '../../../adapters/memory/backups'
import { VirtualClock } from '../../../adapters/memory/clock'
import { proveBackup } from '../../../core/backup/prove-backup'
import { backupsIn, rewrap } from '../../../core/backup/rewrap'
import { takeBackup } from '../../../core/backup/take-backup'
import type { DatabaseFingerprint } from '../../../core/integrity/fingerprint'
import type { KeyHolder } from '../../../core/ports/data-keys'
import { PortError } from '../../../core/ports/errors'
import type { RestoreTarget } from '../../../core/ports/restore-target'

const AT = new Date('2026-11-29T02:00:00.000Z')
const SCHEMA = Buffer.alloc(200_000, 'a table ')
const ROWS = Buffer.alloc(2_000_000, 'a row ')
const MORE_ROWS = Buffer.alloc(3_000_000, 'another row ')

const FINGERPRINT: DatabaseFingerprint = {
  origin: {
    form: 2,
    serverVersion: '18.4',
    database: 'clinic',
    replays: false,
    position: '0/1',
    takenAt: AT.toISOString(),
  },
  tables: [{ table: 'clinic.patients', kind: 'table', columns: 'c', rows: '2', hash: '1/2' }],
  unread: [],
  sequences: [
    {
      sequence: 'clinic.chart',
      increment: '1',
      cache: '1',
      cycles: false,
      first: { value: '7', called: true },
      last: { value: '9', called: true },
    },
  ],
  catalog: {
    tables: [{ object: 'clinic.patients', hash: 't' }],
    sequences: [{ object: 'clinic.chart', hash: 's' }],
    roles: [{ object: 'owner', hash: 'r' }],
  },
}

interface Fails {
  readonly dumpAfter?: number
  readonly fingerprint?: Error
}

function world(fails: Fails = {}) {
  const store = new MemoryBackups()
  const keys = new KeyWrapping()
  const clock = new VirtualClock(AT)
  async function* dump(bytes: Uint8Array, endsAt = Infinity): AsyncIterable<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 100_000) {
      if (at >= endsAt) throw new PortError('conflict', 'DUMP_FAILED', 'the dump broke off')
      yield bytes.subarray(at, at + 100_000)
    }
  }
  const take = () =>
    takeBackup({
      source: {
        held: (work) =>
          work({
            origin: { database: 'clinic', serverVersion: '18.4', position: '0/1', at: AT.toISOString() },
            properties: {
              encoding: 'UTF8',
              localeProvider: 'libc',
              collate: 'C',
              ctype: 'C',
              owner: 'owner',
              settings: [],
            },
            client: '18.4',
            roles: [],
            parts: [
              { name: 'schema', bytes: () => dump(SCHEMA) },
              { name: 'rows-1', bytes: () => dump(ROWS) },
              { name: 'rows-2', bytes: () => dump(MORE_ROWS, fails.dumpAfter) },
            ],
            fingerprint: async () => {
              if (fails.fingerprint) throw fails.fingerprint
              return FINGERPRINT
            },
          }),
      },
      store,
      keys,
      clock,
      reporter: { emit: () => undefined },
      newId: randomUUID,
    })
  const prove = (name: string, found: DatabaseFingerprint = FINGERPRINT, by: readonly KeyHolder[] = [keys]) => {
    const loaded: { section: string; bytes: Buffer }[] = []
    let removed = 0
    const target: RestoreTarget = {
      missingRoles: async () => [],
      create: async () => undefined,
      load: async (stream, section) => {
        const chunks: Uint8Array[] = []
        for await (const chunk of stream) chunks.push(chunk)
        loaded.push({ section, bytes: Buffer.concat(chunks) })
      },
      fingerprint: async () => found,
      remove: async () => void removed++,
    }
    const proof = proveBackup({ store, keys: by, target, clock, reporter: { emit: () => undefined } }, name, {
      age: { skewSeconds: 60 },
    })
    return proof.then((given) => ({ proof: given, loaded, removed }))
  }
  return { store, keys, clock, take, prove }
}

it('restores the very dump that was taken, and leaves it to whoever asked', async () => {
  const { take, prove, store } = world()
  const { name } = await take()
  expect(name).toMatch(/^20261129T020000Z-[0-9a-f]{8}$/)
  const { proof, loaded, removed } = await prove(name)
  expect(proof).toMatchObject({ verdict: 'pass', name })
  expect(loaded.map(({ section }) => section)).toEqual(['pre-data', 'data', 'data', 'privileges', 'post-data'])
  for (const [at, bytes] of [SCHEMA, ROWS, MORE_ROWS, SCHEMA, SCHEMA].entries())
    expect(loaded[at]!.bytes.equals(bytes)).toBe(true)
  expect(removed).toBe(0)
  // Sealed, all of it.
  expect([...store.files.keys()].map((file) => file.slice(name.length))).toEqual([
    '/schema.sealed',
    '/rows-1.sealed',
    '/rows-2.sealed',
    '/manifest.json',
  ])
  for (const [file, bytes] of store.files) if (file.endsWith('.sealed')) expect(bytes.includes('a row')).toBe(false)
})

it.each([
  ['a dump that breaks off', { dumpAfter: 1_500_000 }],
  ['a dump that breaks off at once', { dumpAfter: 0 }],
  ['a fingerprint that cannot be taken', { fingerprint: new PortError('denied', '42501', 'not allowed') }],
])('keeps nothing of %s', async (_, fails) => {
  const { take, store } = world(fails)
  await expect(take()).rejects.toThrow(PortError)
  expect([...store.files.keys()].filter((file) => file.endsWith('manifest.json'))).toEqual([])
  for await (const kept of backupsIn(store)) throw new Error(kept)
})

it('opens with the new key and no more with the old one after it was wrapped anew, and the data is as it was', async () => {
  const { take, prove, store, keys } = world()
  const { name } = await take()
  const sealed = Buffer.from(store.files.get(`${name}/rows-1.sealed`)!)
  const renewed = new KeyWrapping()
  expect(await rewrap(store, name, [keys], renewed)).toBe('rewrapped')
  expect(await rewrap(store, name, [keys], renewed)).toBe('already')
  expect(store.files.get(`${name}/rows-1.sealed`)!.equals(sealed)).toBe(true)
  expect((await prove(name, FINGERPRINT, [renewed])).proof.verdict).toBe('pass')
  const { proof, removed } = await prove(name, FINGERPRINT, [keys])
  expect(proof.checks).toContainEqual(expect.objectContaining({ check: 'key', verdict: 'fail', code: 'KEY_MISSING' }))
  expect(removed).toBe(1)
})

it('leaves a backup as it is where its key cannot be had', async () => {
  const { take, store } = world()
  const { name } = await take()
  const before = Buffer.from(store.files.get(`${name}/manifest.json`)!)
  await expect(rewrap(store, name, [new KeyWrapping()], new KeyWrapping())).rejects.toMatchObject({
    code: 'KEY_MISSING',
  })
  expect(store.files.get(`${name}/manifest.json`)!.equals(before)).toBe(true)
})

const changed = (change: Partial<DatabaseFingerprint>): DatabaseFingerprint => ({ ...FINGERPRINT, ...change })
const sequenceAt = (value: string, called = true) =>
  changed({ sequences: [{ ...FINGERPRINT.sequences[0]!, first: { value, called }, last: { value, called } }] })

it.each([
  ['a row more', changed({ tables: [{ ...FINGERPRINT.tables[0]!, rows: '3' }] }), 'content', 'fail', 'CONTENT_DIFFERS'],
  ['a table less', changed({ tables: [] }), 'content', 'fail', 'CONTENT_DIFFERS'],
  [
    'a table that could not be read',
    changed({ tables: [], unread: [{ table: 'clinic.patients', code: '55P03' }] }),
    'content',
    'inconclusive',
    'TABLE_UNREAD',
  ],
  [
    'another definition',
    changed({ catalog: { ...FINGERPRINT.catalog, tables: [] } }),
    'catalog',
    'fail',
    'CATALOG_DIFFERS',
  ],
  ['another role', changed({ catalog: { ...FINGERPRINT.catalog, roles: [] } }), 'roles', 'fail', 'ROLES_DIFFER'],
  ['a sequence behind', sequenceAt('6'), 'sequences', 'fail', 'SEQUENCES_DIFFER'],
  [
    'no sequence',
    changed({ sequences: [], catalog: { ...FINGERPRINT.catalog, sequences: [] } }),
    'sequences',
    'fail',
    'SEQUENCES_DIFFER',
  ],
  [
    'another definition by another major version',
    changed({
      origin: { ...FINGERPRINT.origin, serverVersion: '17.2' },
      catalog: { ...FINGERPRINT.catalog, tables: [{ object: 'clinic.patients', hash: 'other' }] },
    }),
    'catalog',
    'inconclusive',
    'OBJECT_DIFFERS',
  ],
  ['another form', changed({ origin: { ...FINGERPRINT.origin, form: 3 } }), 'content', 'inconclusive', 'FORM_DIFFERS'],
] as const)('judges %s', async (_, found, check, verdict, code) => {
  const { take, prove } = world()
  const { name } = await take()
  const { proof, removed } = await prove(name, found)
  expect(proof.verdict).toBe(verdict)
  expect(proof.checks).toContainEqual(expect.objectContaining({ check, verdict, code }))
  expect(removed).toBe(1)
})

it.each(['7', '8', '9'])('takes a sequence at %s, where it stood while it was dumped', async (value) => {
  const { take, prove } = world()
  const { name } = await take()
  expect((await prove(name, sequenceAt(value))).proof.verdict).toBe('pass')
})

it('says that it cannot tell where the store gives no answer', async () => {
  const { take, prove, store } = world()
  const { name } = await take()
  store.read = async function* () {
    yield* []
    throw new PortError('unreachable', 'ECONNRESET', 'gone')
  }
  const { proof } = await prove(name)
  expect(proof.verdict).toBe('inconclusive')
  expect(proof.checks[0]).toMatchObject({ check: 'manifest', verdict: 'inconclusive', code: 'ECONNRESET' })
})
