import type { Fault } from '../../../adapters/memory/faults'
import type { MemoryWorld } from '../../../adapters/memory/world'
import { drive } from '../../../core/runbook/engine'
import type { Runbook } from '../../../core/runbook/model'
import { regionFailover } from '../../../core/runbook/region-failover'
import type { MoveInput } from '../../../core/runbook/steps/input'
import { failover, world } from './failover'

const SEEDS = 300
const FAULTS: readonly Fault[] = ['unreachable', 'throttled', 'lost-answer', 'crash-before', 'crash-after']

interface Course {
  readonly bothWritable: boolean
  readonly promotedWhileAlive: boolean
}

/** One failover under random faults while the old primary is alive, its guard blind, slow or hanging now and then. */
async function course(runbook: Runbook<MoveInput>, seed: number): Promise<Course> {
  const random = mulberry32(seed)
  const around = await world({ promotionSeconds: 1 + random() * 200 })
  around.fence = pick(['reachable', 'unreachable', 'not-proven'] as const, random)
  const faultRate = pick([0, 0.02, 0.1, 0.3], random)
  around.recorder.faultOf = () => (random() < faultRate ? pick(FAULTS, random) : undefined)
  let bothWritable = false
  const look = () => (bothWritable ||= around.isWritable('primary') && around.isWritable('replica'))
  letTimePass(around, random, look)

  let state
  for (let lives = 0; lives < 20 && !state; lives++) {
    around.recorder.revive()
    state = await drive(runbook, around.ports(), failover()).catch(() => undefined)
    await around.clock.sleep(random() * 30_000)
  }
  around.guardReads = ['recovery', 'witness']
  await around.clock.sleep(300_000)
  return { bothWritable, promotedWhileAlive: around.isWritable('replica') }
}

/** Time passes in pieces, and in each the guard may run, hang after its reads, or lose sight of a place. */
function letTimePass(around: MemoryWorld, random: () => number, look: () => void): void {
  const sleep = around.clock.sleep.bind(around.clock)
  const hanging: (() => void)[] = []
  around.clock.sleep = async (ms) => {
    for (let left = ms; left > 0; left -= 5_000) {
      if (random() < 0.1)
        around.guardReads = pick([['recovery', 'witness'], ['recovery'], ['witness'], []] as const, random)
      if (random() < 0.3) void around.guard('primary', () => new Promise((resume) => hanging.push(resume)))
      else if (random() < 0.8) await around.guard('primary')
      if (random() < 0.5) await around.guard('replica')
      if (random() < 0.5) hanging.splice(0).forEach((resume) => resume())
      await sleep(Math.min(left, 5_000))
      look()
    }
  }
}

it(`never shows two writers, over ${SEEDS} random courses`, async () => {
  const courses: Course[] = []
  for (let seed = 1; seed <= SEEDS; seed++) courses.push(await course(regionFailover, seed))
  expect(courses.flatMap(({ bothWritable }, at) => (bothWritable ? [`seed ${at + 1}`] : []))).toEqual([])
  // The property would hold for nothing if nothing were ever promoted.
  expect(courses.filter(({ promotedWhileAlive }) => promotedWhileAlive).length).toBeGreaterThan(SEEDS / 10)
})

it('finds two writers as soon as the fence is left out', async () => {
  const unfenced: Runbook<MoveInput> = {
    ...regionFailover,
    steps: regionFailover.steps.map((step) =>
      step.id === 'fence'
        ? {
            ...step,
            begin: async () => ({ kind: 'done', output: { method: 'fenced', fencedAt: '2100-01-01T00:00:00.000Z' } }),
          }
        : step,
    ),
  }
  let found = false
  for (let seed = 1; seed <= SEEDS && !found; seed++) found = (await course(unfenced, seed)).bothWritable
  expect(found).toBe(true)
})

const pick = <T>(from: readonly T[], random: () => number): T => from[Math.floor(random() * from.length)]!

/** A small seeded generator, so that a failing course can be run again by its seed. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
