import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import { recordKey, recordsOf } from '../../../core/evidence/layout'
import type { WriteOnceStore } from '../../../core/ports/write-once-store'
import { chainIn, draft } from './world'

const chain = { region: 'eu-west-1', writer: 'runbooks' }
const recordCount = async (store: WriteOnceStore): Promise<number> => {
  let count = 0
  for await (const key of store.keys(recordsOf(chain))) count += key ? 1 : 0
  return count
}

describe('the evidence chain', () => {
  it('numbers records from zero and links each to the one before', async () => {
    const store = new MemoryWriteOnceStore()
    const log = chainIn(store, 'eu-west-1')
    const first = await log.append(draft('one'))
    const second = await log.append(draft('two'))
    expect([first.sequence, second.sequence]).toEqual([0, 1])
    const [stored0, stored1] = await Promise.all(
      [0, 1].map(async (at) => JSON.parse((await store.get(recordKey(chain, at)))!)),
    )
    expect(stored0).toMatchObject({
      id: first.id,
      previousHash: '0'.repeat(64),
      environment: 'test',
      region: 'eu-west-1',
    })
    expect(stored1).toMatchObject({ previousHash: first.hash, hash: second.hash, policyHash: 'cd'.repeat(32) })
  })

  it('gives the first record back for a repeated key, also to another process and after later records', async () => {
    const store = new MemoryWriteOnceStore()
    const first = await chainIn(store, 'eu-west-1').append(draft('one'))
    await chainIn(store, 'eu-west-1').append(draft('two'))
    expect(await chainIn(store, 'eu-west-1').append(draft('one'))).toEqual(first)
    expect(await recordCount(store)).toBe(2)
  })

  it('makes one record of a draft whose writer died between reserving and writing', async () => {
    const store = new MemoryWriteOnceStore()
    const dying = chainIn(
      { ...bound(store), create: async (key, text) => (key.startsWith('records/') ? die() : store.create(key, text)) },
      'eu-west-1',
    )
    await expect(dying.append(draft('one'))).rejects.toThrow('power cut')
    await chainIn(store, 'eu-west-1').append(draft('other'))
    const record = await chainIn(store, 'eu-west-1').append(draft('one'))
    expect(await chainIn(store, 'eu-west-1').append(draft('one'))).toEqual(record)
    expect(await recordCount(store)).toBe(2)
  })

  it('makes one record of a draft whose writer died after writing, before it could tell', async () => {
    const store = new MemoryWriteOnceStore()
    const dying = chainIn(
      {
        ...bound(store),
        create: async (key, text) => (await store.create(key, text), key.startsWith('records/') ? die() : 'created'),
      },
      'eu-west-1',
    )
    await expect(dying.append(draft('one'))).rejects.toThrow('power cut')
    expect(await chainIn(store, 'eu-west-1').append(draft('one'))).toMatchObject({ sequence: 0 })
    expect(await recordCount(store)).toBe(1)
  })

  it('gives simultaneous writers one place each, without a gap, and the same key one record', async () => {
    const store = new MemoryWriteOnceStore()
    const slow = { ...bound(store), get: async (key: string) => (await tick(), store.get(key)) }
    const writes = Array.from({ length: 24 }, (_, at) => chainIn(slow, 'eu-west-1').append(draft(`run-${at % 12}`)))
    const receipts = await Promise.all(writes)
    expect(new Set(receipts.map(({ sequence }) => sequence)).size).toBe(12)
    expect(Math.max(...receipts.map(({ sequence }) => sequence))).toBe(11)
    expect(await recordCount(store)).toBe(12)
  })

  it('refuses an outcome it does not know, so that skipped never reads as success', async () => {
    const log = chainIn(new MemoryWriteOnceStore(), 'eu-west-1')
    await expect(log.append(draft('one', { outcome: 'SKIPPED' as 'succeeded' }))).rejects.toThrow('Invalid option')
  })

  it('writes nothing of a draft that looks like personal data', async () => {
    const store = new MemoryWriteOnceStore()
    const append = chainIn(store, 'eu-west-1').append(draft('one', { subject: '529.982.247-25' }))
    await expect(append).rejects.toMatchObject({ code: 'EVIDENCE_PERSONAL_DATA' })
    expect(await store.keys('')[Symbol.asyncIterator]().next()).toMatchObject({ done: true })
  })

  it('refuses to continue a chain whose record is unreadable', async () => {
    const store = new MemoryWriteOnceStore()
    await chainIn(store, 'eu-west-1').append(draft('one'))
    store.tamper(recordKey(chain, 0), '{}')
    await expect(chainIn(store, 'eu-west-1').append(draft('two'))).rejects.toMatchObject({
      failure: 'conflict',
      code: 'EVIDENCE_RECORD_UNREADABLE',
    })
  })

  it('finds the head of a long chain in a few reads', async () => {
    const store = new MemoryWriteOnceStore()
    const log = chainIn(store, 'eu-west-1')
    for (let at = 0; at < 1000; at += 1) await log.append(draft(`run-${at}`))
    let reads = 0
    const counted = { ...bound(store), get: async (key: string) => ((reads += 1), store.get(key)) }
    expect(await chainIn(counted, 'eu-west-1').head()).toMatchObject({ sequence: 999 })
    expect(reads).toBeLessThanOrEqual(21)
  })
})

const bound = (store: WriteOnceStore): WriteOnceStore => ({
  create: (key, text) => store.create(key, text),
  get: (key) => store.get(key),
  keys: (prefix) => store.keys(prefix),
})
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const die = (): never => {
  throw new Error('power cut')
}
