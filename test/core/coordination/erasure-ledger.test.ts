import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { Recorder } from '../../../adapters/memory/faults'
import { appendToLedger, markApplied, readLedger } from '../../../core/coordination/erasure-ledger'
import { replaySet } from '../../../core/coordination/replay-set'
import type { Places } from '../../../core/coordination/places'
import type { Json } from '../../../core/json'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import type { LedgerEntry } from '../../../core/ports/database'

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString()
const erasure = (id: string) => ({ id, kind: 'erasure' as const, subjectId: `of-${id}`, acceptedAt: at(0) })
const places = () => ({ recovery: new MemoryConditionalStore(), witness: new MemoryConditionalStore() })

/** Both places, and a cut between us and one of them. */
function cuttable() {
  const held = places()
  const recorder = new Recorder()
  const cut = (place: keyof Places) => {
    recorder.faultOf = (call) => (call.startsWith(place) ? 'unreachable' : undefined)
  }
  const reached: Places = {
    recovery: recorder.watch<ConditionalStore>('recovery', held.recovery),
    witness: recorder.watch<ConditionalStore>('witness', held.witness),
  }
  return { held, reached, recorder, cut, heal: () => void (recorder.faultOf = () => undefined) }
}

/** The same store without what a key-by-key look refuses to give. */
async function without(store: ConditionalStore, gone: (key: string) => boolean): Promise<MemoryConditionalStore> {
  const left = new MemoryConditionalStore()
  for await (const { key, value } of store.list('')) if (!gone(key)) await left.create(key, value)
  return left
}

describe('the erasure ledger', () => {
  it('acknowledges only what both places hold, and completes an interrupted append', async () => {
    const { held, reached, cut, heal } = cuttable()
    cut('witness')
    await expect(appendToLedger(reached, erasure('r-1'))).rejects.toMatchObject({ failure: 'unreachable' })
    heal()
    expect(await appendToLedger(reached, erasure('r-1'))).toMatchObject({ sequence: 1 })
    expect(await held.witness.get('erasure-ledger/000000000001')).toEqual(
      await held.recovery.get('erasure-ledger/000000000001'),
    )
    expect((await readLedger(held)).entries).toHaveLength(1)
  })

  it('ends the same after any single call of an append fails and another one follows', async () => {
    const whole = cuttable()
    await appendToLedger(whole.reached, erasure('r-1'))
    const calls = whole.recorder.calls.length
    expect(calls).toBeGreaterThan(5)
    for (let failing = 0; failing < calls; failing++)
      for (const fault of ['unreachable', 'lost-answer'] as const) {
        const { held, reached, recorder, heal } = cuttable()
        recorder.faultOf = (_, index) => (index === failing ? fault : undefined)
        await appendToLedger(reached, erasure('r-1')).catch(() => undefined)
        heal()
        await appendToLedger(reached, erasure('r-2'))
        await appendToLedger(reached, erasure('r-1'))
        const { entries, head } = await readLedger(held)
        expect(entries.map(({ id }) => id).toSorted()).toEqual(['r-1', 'r-2'])
        expect(head?.sequence).toBe(2)
      }
  })

  it('takes the same request once, and no other one under its id', async () => {
    const held = places()
    await appendToLedger(held, erasure('r-1'))
    expect(await appendToLedger(held, { ...erasure('r-1'), acceptedAt: at(60) })).toMatchObject({ acceptedAt: at(0) })
    await expect(appendToLedger(held, { ...erasure('r-1'), kind: 'block' })).rejects.toMatchObject({
      code: 'LEDGER_ID_TAKEN',
    })
    // A person may withdraw a consent that was given anew.
    const again = { ...erasure('r-2'), subjectId: 'of-r-1' }
    expect(await appendToLedger(held, again)).toMatchObject({ sequence: 2 })
  })

  it('records once that an entry was applied, as a link of its own', async () => {
    const held = places()
    await appendToLedger(held, erasure('r-1'))
    expect(await markApplied(held, 'r-1', new Date(at(30)))).toMatchObject({ appliedAt: at(30) })
    expect(await markApplied(held, 'r-1', new Date(at(90)))).toMatchObject({ appliedAt: at(30) })
    expect(await readLedger(held)).toMatchObject({ entries: [{ id: 'r-1', appliedAt: at(30) }], head: { sequence: 2 } })
    await expect(markApplied(held, 'r-9', new Date(at(0)))).rejects.toMatchObject({ code: 'LEDGER_ENTRY_UNKNOWN' })
  })

  it('cannot be read while one place does not answer', async () => {
    const { reached, cut } = cuttable()
    for (const place of ['recovery', 'witness'] as const) {
      cut(place)
      await expect(readLedger(reached)).rejects.toMatchObject({ failure: 'unreachable' })
    }
  })

  it.each<[string, (link: Record<string, Json>) => Json]>([
    ['edited', (link) => ({ ...link, record: { ...(link['record'] as object), subjectId: 'another' } })],
    ['edited with a hash of its own', (link) => ({ ...link, hash: '0'.repeat(64) })],
    ['put in the place of another', (link) => ({ ...link, record: { ...(link['record'] as object), sequence: 2 } })],
    ['of no form that is known', () => ({})],
    [
      'dated with what is no date',
      (link) => ({ ...link, record: { ...(link['record'] as object), acceptedAt: 'soon' } }),
    ],
  ])('is refused when a link is %s', async (_how, change) => {
    const held = places()
    await appendToLedger(held, erasure('r-1'))
    await appendToLedger(held, erasure('r-2'))
    const link = (await held.recovery.get('erasure-ledger/000000000001'))!
    await held.recovery.replace(link.key, change(link.value as Record<string, Json>), link.version)
    await expect(readLedger(held)).rejects.toMatchObject({ failure: 'conflict', code: 'LEDGER_BROKEN' })
    await expect(appendToLedger(held, erasure('r-3'))).rejects.toMatchObject({ code: 'LEDGER_BROKEN' })
  })

  it('is refused when the two places tell different stories', async () => {
    const [one, two] = [places(), places()]
    await appendToLedger(one, erasure('r-1'))
    await appendToLedger(two, erasure('r-2'))
    await expect(readLedger({ recovery: one.recovery, witness: two.witness })).rejects.toMatchObject({
      code: 'LEDGER_DIVERGED',
    })
  })

  it('is whole while one place has lost its end, and refused when both have', async () => {
    const held = places()
    for (const id of ['r-1', 'r-2']) await appendToLedger(held, erasure(id))
    const isLast = (key: string) => key.endsWith('2')
    const recovery = await without(held.recovery, isLast)
    expect((await readLedger({ ...held, recovery })).entries).toHaveLength(2)
    const cutShort = { recovery, witness: await without(held.witness, isLast) }
    await expect(readLedger(cutShort)).rejects.toMatchObject({ failure: 'conflict', code: 'LEDGER_BEHIND' })
    // It is enough that one place remembers.
    const forgotten = { recovery: await without(recovery, (key) => key.endsWith('head')), witness: cutShort.witness }
    await expect(readLedger(forgotten)).rejects.toMatchObject({ code: 'LEDGER_BEHIND' })
  })
})

describe('what a recovered database may lack', () => {
  const SKEW = 300
  const point = at(10_000)
  const entry = (id: string, accepted: number, applied?: number, kind: LedgerEntry['kind'] = 'block'): LedgerEntry => ({
    sequence: 1,
    id,
    kind,
    subjectId: id,
    acceptedAt: at(accepted),
    ...(applied !== undefined && { appliedAt: at(applied) }),
  })
  const lacking = (entries: readonly LedgerEntry[], from: string | undefined = point) =>
    replaySet({ entries, head: { sequence: 7, hash: 'f'.repeat(64) } }, from, SKEW).entries.map(({ id }) => id)

  it.each<[string, LedgerEntry, boolean]>([
    ['applied long before it', entry('e', 1, 2), false],
    ['applied as long before it as two clocks may differ', entry('e', 1, 10_000 - SKEW), false],
    ['applied before it, but by clocks that may differ', entry('e', 1, 10_001 - SKEW), true],
    ['accepted before it and applied after it', entry('e', 1, 10_001), true],
    ['accepted after it', entry('e', 10_001, 10_002), true],
    ['never applied', entry('e', 1), true],
  ])('is for what was %s: %j', (_, asked, isLacking) => {
    expect(lacking([asked])).toEqual(isLacking ? ['e'] : [])
  })

  it('is everything where the point is not known', () => {
    const ledger = { entries: [entry('e', 1, 2)], head: { sequence: 7, hash: 'f'.repeat(64) } }
    expect(replaySet(ledger, undefined, SKEW)).toEqual({ entries: ledger.entries, head: 7 })
  })

  it('is every later correction of a person too, so that an older one does not come back over it', () => {
    const corrections = [
      { ...entry('c-1', 1, 2, 'correction'), subjectId: 'p', sequence: 1 },
      { ...entry('c-2', 3, undefined, 'correction'), subjectId: 'p', sequence: 2 },
      { ...entry('c-3', 4, 5, 'correction'), subjectId: 'p', sequence: 3 },
      { ...entry('c-4', 4, 5, 'correction'), subjectId: 'q', sequence: 4 },
    ]
    expect(lacking(corrections)).toEqual(['c-2', 'c-3'])
  })

  it('is no correction of who was erased, whichever came first', () => {
    const entries = [
      { ...entry('c-1', 1, undefined, 'correction'), subjectId: 'p' },
      { ...entry('e-1', 2, 3, 'erasure'), subjectId: 'p' },
      { ...entry('c-2', 4, undefined, 'correction'), subjectId: 'q' },
    ]
    expect(lacking(entries)).toEqual(['c-2'])
  })
})
