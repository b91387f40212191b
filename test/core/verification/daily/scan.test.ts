import { VirtualClock } from '../../../../adapters/memory/clock'
import { MemoryRecoveryPoints } from '../../../../adapters/memory/recovery-points'
import { PortError, type PortFailure } from '../../../../core/ports/errors'
import type { RecoveryPoint, VaultKind } from '../../../../core/ports/recovery-points'
import {
  isWhole,
  newReading,
  readVaults,
  type Reading,
  type ReadingWorld,
} from '../../../../core/verification/daily/scan'

const VAULTS: readonly VaultKind[] = ['snapshots', 'pitr']
const START = new Date('2026-11-28T12:00:00.000Z')

let points: MemoryRecoveryPoints
let clock: VirtualClock
/** What the next calls are refused with. */
let refusals: PortFailure[]
let calls: number
beforeEach(() => {
  clock = new VirtualClock(START)
  points = new MemoryRecoveryPoints('sa-east-1', 10)
  for (const vault of VAULTS) {
    points.vaults.set(vault, { lock: null, key: 'backup' })
    points.kept.set(
      vault,
      Array.from({ length: 95 }, (_, at): RecoveryPoint => ({
        id: `${vault}-${at}`,
        resource: at % 3 === 0 ? 'ours' : `stranger-${at}`,
        state: 'completed',
        createdAt: new Date(START.getTime() - at * 86_400_000).toISOString(),
        key: 'backup',
        keptDays: 90,
        bytes: 1,
      })),
    )
  }
  refusals = []
  calls = 0
})

const world = (budgetMs = Infinity): ReadingWorld => ({
  clock,
  vaults: VAULTS,
  resources: ['ours'],
  budgetMs,
  points: {
    page: async (vault, from) => {
      calls += 1
      await clock.sleep(100)
      const failure = refusals.shift()
      if (failure) throw new PortError(failure, failure.toUpperCase(), 'refused')
      return points.page(vault, from)
    },
  },
})
const begin = () => newReading(START)
const whole = { points: 95, of: { ours: { completed: 32 } } }

it('reads every page of every vault once, and tells apart what was asked for', async () => {
  const reading = await readVaults(world(), begin())
  expect(calls).toBe(20)
  expect(reading.done).toMatchObject({ snapshots: whole, pitr: whole })
  expect(reading.done.snapshots?.strangers).toMatchObject({ count: 63, names: { length: 20 } })
})

it('goes on where its time ran out, through what a store keeps of it, and counts nothing twice', async () => {
  let reading: Reading = begin()
  let runs = 0
  while (!isWhole(reading, VAULTS)) {
    reading = JSON.parse(JSON.stringify(await readVaults(world(250), reading))) as Reading
    runs += 1
  }
  expect(runs).toBe(7)
  expect(calls).toBe(20)
  expect(reading.done).toMatchObject({ snapshots: whole, pitr: whole })
})

it('waits longer each time for a service that throttles or does not answer, and loses nothing', async () => {
  refusals = ['throttled', 'throttled', 'unreachable', 'throttled']
  const reading = await readVaults(world(), begin())
  expect(reading.done).toMatchObject({ snapshots: whole, pitr: whole })
  expect(clock.monotonicMs()).toBe(24 * 100 + 500 + 1000 + 2000 + 4000)
})

it('leaves off where a service stays busy, and goes on from there', async () => {
  const first = await readVaults(world(500), begin())
  refusals = Array.from({ length: 10 }, () => 'throttled')
  const busy = await readVaults(world(), first)
  expect(busy.at).toEqual(first.at)
  expect(isWhole(busy, VAULTS)).toBe(false)
  expect((await readVaults(world(), busy)).done).toMatchObject({ snapshots: whole, pitr: whole })
})

it('reads a vault anew whose place was forgotten, and counts nothing twice', async () => {
  const first = await readVaults(world(500), begin())
  refusals = ['invalid']
  expect((await readVaults(world(), first)).done).toMatchObject({ snapshots: whole, pitr: whole })
})

it('does not go round for ever where every place is forgotten at once', async () => {
  const page = async () => ({ points: [], next: 'the-same' })
  const reading = await readVaults({ ...world(), points: { page } }, begin())
  expect(reading.refused).toEqual({ snapshots: 'LIST_STUCK', pitr: 'LIST_STUCK' })
})

it('reads the other vaults where one refuses', async () => {
  refusals = ['denied']
  const reading = await readVaults(world(), begin())
  expect(reading.refused).toEqual({ snapshots: 'DENIED' })
  expect(reading.done).toMatchObject({ pitr: whole })
  expect(isWhole(reading, VAULTS)).toBe(true)
})
