import { rm, readFile, rename, writeFile, mkdtemp, copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { FolderWriteOnceStore } from '../../../adapters/local/folder-write-once-store'
import { MemorySigner } from '../../../adapters/memory/signer'
import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import { verifyEvidence, type EvidenceReport } from '../../../core/evidence'
import { checkpointKey, recordKey } from '../../../core/evidence/layout'
import { GENESIS, seal, storedText } from '../../../core/evidence/record'
import { PortError } from '../../../core/ports/errors'
import type { WriteOnceStore } from '../../../core/ports/write-once-store'
import { chainIn, checkpoint, draft, fill, signers, trusted } from './world'

const sa = { region: 'sa-east-1', writer: 'runbooks' }
const eu = { region: 'eu-west-1', writer: 'runbooks' }
const signer = signers['sa-east-1']

/** A store and the ways of somebody who can write to its disk. */
interface Attackable {
  readonly store: WriteOnceStore
  read(key: string): Promise<string>
  put(key: string, text: string): Promise<void>
  remove(key: string): Promise<void>
}

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

const PLACES: readonly [string, () => Promise<Attackable>][] = [
  [
    'memory',
    async () => {
      const store = new MemoryWriteOnceStore()
      return {
        store,
        read: async (key) => (await store.get(key)) ?? '',
        put: async (key, text) => store.tamper(key, text),
        remove: async (key) => store.tamper(key, undefined),
      }
    },
  ],
  [
    'folder',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'evidence-'))
      folders.push(folder)
      return {
        store: new FolderWriteOnceStore(folder),
        read: (key) => readFile(join(folder, key), 'utf8'),
        put: (key, text) => writeFile(join(folder, key), text),
        remove: (key) => rm(join(folder, key)),
      }
    },
  ],
]

const verify = async (...stores: WriteOnceStore[]): Promise<EvidenceReport> =>
  verifyEvidence({ copies: stores.map((store, at) => ({ name: `copy ${at}`, store })), keys: await trusted() })
const codes = ({ findings }: EvidenceReport): string[] => [...new Set(findings.map(({ code }) => code))].toSorted()

/** Re-links and re-hashes everything from a number on, as somebody who holds the store but not the key can. */
async function rehash(place: Attackable, from: number, to: number, change: (record: object) => object): Promise<void> {
  let previousHash = from === 0 ? GENESIS : (JSON.parse(await place.read(recordKey(sa, from - 1))).hash as string)
  for (let at = from; at < to; at += 1) {
    const { hash: _, ...body } = JSON.parse(await place.read(recordKey(sa, at)))
    const sealed = seal({ ...(at === from ? change(body) : body), previousHash })
    await place.put(recordKey(sa, at), storedText(sealed))
    previousHash = sealed.hash
  }
}

describe.each(PLACES)('verification of evidence in a %s store', (_place, open) => {
  let place: Attackable
  beforeEach(async () => {
    place = await open()
    await fill(place.store, 'sa-east-1', 0, 4)
    await checkpoint(place.store, signer, 'sa-east-1')
    await fill(place.store, 'sa-east-1', 4, 8)
    await checkpoint(place.store, signer, 'sa-east-1')
  })

  it('passes what is whole', async () => {
    const report = await verify(place.store)
    expect(report).toMatchObject({
      verdict: 'pass',
      findings: [],
      chains: [{ ...sa, records: 8, proven: 8, unproven: 0 }],
    })
  })

  it('detects an edited value', async () => {
    const key = recordKey(sa, 2)
    await place.put(key, (await place.read(key)).replace('"failed":0', '"failed":1'))
    const report = await verify(place.store)
    expect(report.verdict).toBe('fail')
    expect(report.findings).toEqual([expect.objectContaining({ code: 'edited', key })])
  })

  it('detects an added blank', async () => {
    await place.put(recordKey(sa, 2), `${await place.read(recordKey(sa, 2))}\n`)
    expect(codes(await verify(place.store))).toContain('edited')
  })

  it('detects an edited record whose own hash was renewed', async () => {
    await rehash(place, 2, 3, (record) => ({ ...record, outcome: 'failed' }))
    expect(codes(await verify(place.store))).toEqual(['broken-link'])
  })

  it.each([0, 3, 5])('detects the deletion of record %i', async (at) => {
    await place.remove(recordKey(sa, at))
    const report = await verify(place.store)
    expect([report.verdict, codes(report)]).toEqual(['fail', ['missing']])
  })

  it('detects two records that changed places', async () => {
    const [one, two] = [await place.read(recordKey(sa, 5)), await place.read(recordKey(sa, 6))]
    await place.put(recordKey(sa, 5), two)
    await place.put(recordKey(sa, 6), one)
    expect(codes(await verify(place.store))).toEqual(
      ['broken-link', 'misplaced', 'rewritten'].filter((code) => code !== 'rewritten'),
    )
  })

  it('detects a record inserted between others, all later ones renumbered, linked and hashed anew', async () => {
    for (let at = 8; at > 5; at -= 1) {
      const body = JSON.parse(await place.read(recordKey(sa, at - 1)))
      await place.put(recordKey(sa, at), storedText({ ...body, sequence: at }))
    }
    await rehash(place, 5, 9, (record) => ({ ...record, id: 'ev-forged' }))
    const report = await verify(place.store)
    expect([report.verdict, codes(report)]).toEqual(['fail', ['rewritten']])
  })

  it('detects a foreign file among the records', async () => {
    await place.put(`${recordKey(sa, 3)}-copy`, 'x')
    expect(codes(await verify(place.store))).toEqual(['foreign-key'])
  })

  it('detects a truncated end', async () => {
    await place.remove(recordKey(sa, 7))
    await place.remove(recordKey(sa, 6))
    const report = await verify(place.store)
    expect([report.verdict, codes(report)]).toEqual(['fail', ['truncated']])
  })

  it('detects the removal of every record', async () => {
    for (let at = 0; at < 8; at += 1) await place.remove(recordKey(sa, at))
    expect(codes(await verify(place.store))).toEqual(['truncated'])
  })

  it('detects a rewritten record with every later hash renewed', async () => {
    await rehash(place, 1, 8, (record) => ({ ...record, outcome: 'failed' }))
    const report = await verify(place.store)
    expect([report.verdict, codes(report)]).toEqual(['fail', ['rewritten']])
    expect(report.chains[0]).toMatchObject({ proven: 0, unproven: 8 })
  })

  it('detects a checkpoint signed with another key, under the trusted name', async () => {
    const forger = new MemorySigner(signer.keyId)
    const { signature: _s, ...sealed } = JSON.parse(await place.read(checkpointKey(sa, 1)))
    await place.put(checkpointKey(sa, 1), storedText({ ...sealed, signature: await forger.sign(sealed.hash) }))
    expect(codes(await verify(place.store))).toEqual(['bad-signature'])
  })

  it("detects a checkpoint signed by another region's key", async () => {
    const { signature: _s, hash: _h, ...body } = JSON.parse(await place.read(checkpointKey(sa, 1)))
    const other = signers['eu-west-1']
    const sealed = seal({ ...body, keyId: other.keyId })
    await place.put(checkpointKey(sa, 1), storedText({ ...sealed, signature: await other.sign(sealed.hash) }))
    expect(codes(await verify(place.store))).toEqual(['bad-signature'])
  })

  it('detects an edited, a deleted and a re-hashed checkpoint', async () => {
    const original = await place.read(checkpointKey(sa, 0))
    await place.put(checkpointKey(sa, 0), original.replace('"reason":"runbook"', '"reason":"hourly"'))
    expect(codes(await verify(place.store))).toEqual(['edited'])
    const { signature, hash: _, ...body } = JSON.parse(original)
    await place.put(checkpointKey(sa, 0), storedText({ ...seal({ ...body, reason: 'hourly' }), signature }))
    expect(codes(await verify(place.store))).toEqual(['bad-signature', 'broken-link'])
    await place.remove(checkpointKey(sa, 0))
    expect(codes(await verify(place.store))).toEqual(['missing'])
  })

  it('reports what came after the last checkpoint as unproven, never as valid', async () => {
    await fill(place.store, 'sa-east-1', 8, 11)
    expect(await verify(place.store)).toMatchObject({ verdict: 'inconclusive', chains: [{ proven: 8, unproven: 3 }] })
    // not even a rewrite can be told apart there: which is why it is not called valid
    await rehash(place, 9, 11, (record) => ({ ...record, outcome: 'failed' }))
    expect(await verify(place.store)).toMatchObject({ verdict: 'inconclusive', chains: [{ proven: 8, unproven: 3 }] })
  })
})

const copyOf = async (store: WriteOnceStore, keep: (key: string) => boolean = () => true) => {
  const copy = new MemoryWriteOnceStore()
  for await (const key of store.keys('')) if (keep(key)) await copy.create(key, (await store.get(key)) ?? '')
  return copy
}
const primary = async () => {
  const store = new MemoryWriteOnceStore()
  await fill(store, 'sa-east-1', 0, 6)
  await checkpoint(store, signer, 'sa-east-1')
  return store
}

describe('verification of several chains and copies', () => {
  it('is inconclusive where there is nothing, no key, or a copy that does not answer', async () => {
    expect((await verify()).verdict).toBe('inconclusive')
    expect((await verify(new MemoryWriteOnceStore())).verdict).toBe('inconclusive')
    const store = await primary()
    const noKeys = await verifyEvidence({ copies: [{ name: 'only', store }], keys: [] })
    expect(noKeys).toMatchObject({ verdict: 'inconclusive', chains: [{ proven: 0, unproven: 6 }] })
    const dark: WriteOnceStore = {
      create: async () => 'exists',
      get: async () => Promise.reject(new PortError('unreachable', 'STORE_DARK', 'no answer')),
      keys: () => {
        throw new PortError('unreachable', 'STORE_DARK', 'no answer')
      },
    }
    expect(await verify(store, dark)).toMatchObject({ verdict: 'inconclusive', unreadable: ['copy 1'] })
  })

  it('tolerates a replica that lacks the newest records', async () => {
    const store = await primary()
    const replica = await copyOf(store, (key) => !/records.*[45]$/.test(key))
    expect(await verify(store, replica)).toMatchObject({ verdict: 'pass', chains: [{ behind: { 'copy 1': 2 } }] })
  })

  it('detects a record deleted from one copy, unless it may still be on its way', async () => {
    const store = await primary()
    const holed = await copyOf(store, (key) => key !== recordKey(sa, 2))
    expect(codes(await verify(store, holed))).toEqual(['missing-from-copy'])
    const copies = [store, holed].map((copy, at) => ({ name: `copy ${at}`, store: copy }))
    const settledBefore = '2026-11-23T10:45:00.000Z'
    expect((await verifyEvidence({ copies, keys: await trusted(), settledBefore })).verdict).toBe('pass')
  })

  it('detects copies that disagree, even where one was rewritten from the start', async () => {
    const store = await primary()
    const forged = new MemoryWriteOnceStore()
    await chainIn(forged, 'sa-east-1').append(draft('run-0', { outcome: 'failed' }))
    expect(codes(await verify(store, forged))).toEqual(['copies-differ'])
  })

  it("detects, by the other region's checkpoint, a chain whose end and checkpoints are both gone", async () => {
    const store = await primary()
    const recovery = new MemoryWriteOnceStore()
    await fill(recovery, 'eu-west-1', 0, 2)
    await checkpoint(recovery, signers['eu-west-1'], 'eu-west-1', [{ chain: sa, store }])
    expect((await verify(store, recovery)).verdict).toBe('pass')
    for (const key of [recordKey(sa, 4), recordKey(sa, 5), checkpointKey(sa, 0)]) store.tamper(key, undefined)
    const report = await verify(store, recovery)
    expect(report.findings).toEqual([expect.objectContaining({ code: 'truncated', chain: sa })])
    expect((await verify(recovery)).verdict).toBe('fail')
  })

  it('keeps the last seen head of a chain that cannot be read now', async () => {
    const recovery = new MemoryWriteOnceStore()
    await fill(recovery, 'eu-west-1', 0, 1)
    await checkpoint(recovery, signers['eu-west-1'], 'eu-west-1', [{ chain: sa, store: await primary() }])
    const dark: WriteOnceStore = {
      create: async () => 'exists',
      get: async () => Promise.reject(new PortError('unreachable', 'STORE_DARK', 'no answer')),
      keys: () => recovery.keys('none'),
    }
    const second = await checkpoint(recovery, signers['eu-west-1'], 'eu-west-1', [{ chain: sa, store: dark }])
    expect(second).toMatchObject({ sequence: 1, others: [{ ...sa, sequence: 5 }] })
  })

  it('makes checkpoints one after the other when two are asked for at once', async () => {
    const store = new MemoryWriteOnceStore()
    await fill(store, 'eu-west-1', 0, 3)
    const made = await Promise.all([1, 2, 3].map(() => checkpoint(store, signers['eu-west-1'], 'eu-west-1')))
    expect(made.map((each) => each?.sequence ?? -1).toSorted((a, b) => a - b)).toEqual([0, 1, 2])
    expect((await verify(store)).verdict).toBe('pass')
  })

  it('verifies ten thousand records in one walk, reading each once and only a few ahead', async () => {
    const store = new MemoryWriteOnceStore()
    await fill(store, eu.region, 0, 10_000)
    await checkpoint(store, signers['eu-west-1'], eu.region)
    let reading = 0
    let most = 0
    let reads = 0
    const counted: WriteOnceStore = {
      create: (key, text) => store.create(key, text),
      keys: (prefix) => store.keys(prefix),
      get: async (key) => {
        reads += 1
        most = Math.max(most, (reading += 1))
        const text = await store.get(key)
        reading -= 1
        return text
      },
    }
    expect(await verify(counted)).toMatchObject({ verdict: 'pass', chains: [{ ...eu, proven: 10_000 }] })
    expect(reads).toBe(10_000 + 2)
    expect(most).toBeLessThanOrEqual(16)
  }, 60_000)
})

// Guards the helpers above: a place must really change what is stored.
it('renames are seen on disk as they are in memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'evidence-'))
  folders.push(folder)
  const store = new FolderWriteOnceStore(folder)
  await fill(store, 'sa-east-1', 0, 2)
  const path = join(folder, recordKey(sa, 1))
  await copyFile(path, join(dirname(path), '000000000002'))
  await rename(path, join(folder, 'gone'))
  expect(codes(await verify(store))).toEqual(['misplaced', 'missing'])
})
