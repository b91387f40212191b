import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import { markAtDesk } from '../../../core/coordination/marker-desk'
import { markedMoment } from '../../../core/coordination/markers'
import { EvidenceChain } from '../../../core/evidence'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import { PortError } from '../../../core/ports/errors'
import type { Marking } from '../../../core/ports/marking'
import { resolvePolicy } from '../../../policy'

const START = new Date('2026-11-23T12:00:00.000Z')
const away = (): ConditionalStore => {
  const fails = () => Promise.reject(new PortError('unreachable', 'STORE_AWAY', 'the store does not answer'))
  return { get: fails, create: fails, replace: fails, remove: fails, list: fails } as unknown as ConditionalStore
}

function desk(
  change: { readonly witness?: ConditionalStore; readonly role?: string; readonly marking?: Marking } = {},
) {
  const store = new MemoryWriteOnceStore()
  const clock = new VirtualClock(START)
  const places = { recovery: new MemoryConditionalStore(), witness: change.witness ?? new MemoryConditionalStore() }
  const identity = { region: 'eu-west-1', writer: 'desk', environment: 'test', policyHash: 'f'.repeat(64) }
  const world = {
    policy: resolvePolicy('test'),
    places,
    evidence: new EvidenceChain(store, identity),
    clock,
    actor: { role: change.role ?? 'operator', person: 'ab'.repeat(6) },
    ...(change.marking && { marking: change.marking }),
  }
  const records = async () => {
    const found: string[] = []
    for await (const key of store.keys('records/')) found.push((await store.get(key))!)
    return found
  }
  return { world, places, clock, records, set: (name: string) => markAtDesk(world, name) }
}

it('keeps a marker in both places with evidence, and the same name again moves its mark', async () => {
  const { set, places, clock, records } = desk()
  expect(await set('release-7')).toEqual({ name: 'release-7', at: START.toISOString(), placesAway: 0 })
  await clock.sleep(60_000)
  await set('release-7')
  const moved = new Date(START.getTime() + 60_000).toISOString()
  expect(await markedMoment(places, 'release-7')).toBe(moved)
  expect(await markedMoment(places, 'release-8')).toBeUndefined()
  for (const store of Object.values(places))
    expect((await store.get('markers/release-7'))?.value).toMatchObject({ at: moved })
  expect(await records()).toHaveLength(2)
})

it('tells the moment and the position that the database gave, not those of the desk', async () => {
  const at = '2026-11-23T11:59:59.123456Z'
  const { set, places, records } = desk({
    marking: { mark: async () => ({ at, position: '0/5000', transaction: '9' }) },
  })
  expect(await set('before-import')).toMatchObject({ at, position: '0/5000' })
  expect(await markedMoment(places, 'before-import')).toBe(at)
  expect((await records())[0]).toContain('0/5000')
})

it('is kept by one place while the other is away, which is said', async () => {
  const { set, places } = desk({ witness: away() })
  expect(await set('release-7')).toMatchObject({ placesAway: 1 })
  expect(await markedMoment(places, 'release-7')).toBe(START.toISOString())
  expect(await markedMoment({ recovery: away(), witness: places.recovery }, 'release-7')).toBe(START.toISOString())
})

it('is set by nobody who may not, and under no name that says too much', async () => {
  const { set, places } = desk({ role: 'auditor' })
  await expect(set('release-7')).rejects.toMatchObject({ failure: 'denied' })
  await expect(desk().set('123.456.789-09')).rejects.toMatchObject({ code: 'EVIDENCE_PERSONAL_DATA' })
  expect(await markedMoment(places, 'release-7')).toBeUndefined()
})
