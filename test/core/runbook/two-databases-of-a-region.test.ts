import type { Fault } from '../../../adapters/memory/faults'
import { PRIMARY, type MemoryWorld } from '../../../adapters/memory/world'
import { guardDecision } from '../../../core/coordination/lease'
import { readEpoch } from '../../../core/coordination/writer-epoch'
import { drive } from '../../../core/runbook/engine'
import { COPY, pointInTimeRecovery } from './rehearsals/point-in-time-recovery'
import { pick, seededRandom } from './random'
import { world } from './failover'

const SEEDS = 200
const FAULTS: readonly Fault[] = ['unreachable', 'throttled', 'lost-answer', 'crash-before', 'crash-after']

interface Course {
  readonly bothWritable: boolean
  readonly writer: string
}

/** One recovery under random faults while both databases of the region are guarded, blindly or slowly now and then. */
async function course(seed: number, guard: (around: MemoryWorld, ref: typeof COPY) => Promise<void>): Promise<Course> {
  const random = seededRandom(seed)
  const around = await world({ restoreSeconds: 1 + random() * 100 })
  around.moments.set('4711', new Date(around.clock.now().getTime() - 3_600_000).toISOString())
  around.fence = pick(['reachable', 'unreachable', 'not-proven'] as const, random)
  if (random() < 0.4) around.verdict = 'fail'
  const faultRate = pick([0, 0.02, 0.1, 0.3], random)
  around.recorder.faultOf = () => (random() < faultRate ? pick(FAULTS, random) : undefined)
  let bothWritable = false
  const sleep = around.clock.sleep.bind(around.clock)
  around.clock.sleep = async (ms) => {
    for (let left = ms; left > 0; left -= 5_000) {
      if (random() < 0.1)
        around.guardReads = pick([['recovery', 'witness'], ['recovery'], ['witness'], []] as const, random)
      for (const ref of [PRIMARY, COPY]) if (around.has(ref) && random() < 0.7) await guard(around, ref)
      await sleep(Math.min(left, 5_000))
      bothWritable ||= around.writers().length > 1
    }
  }
  const { runbook, run } = pointInTimeRecovery
  let state
  for (let lives = 0; lives < 20 && !state; lives++) {
    around.recorder.revive()
    state = await drive(runbook, around.ports(), run()).catch(() => undefined)
    await around.clock.sleep(random() * 30_000)
  }
  around.guardReads = ['recovery', 'witness']
  await around.clock.sleep(300_000)
  return { bothWritable, writer: around.writers()[0]?.instance ?? 'none' }
}

const asItIs = (around: MemoryWorld, ref: typeof COPY) => around.guard(ref)

/** A guard that knows its region only, as it did while a region had one database. */
async function knowingItsRegionOnly(around: MemoryWorld, ref: typeof COPY): Promise<void> {
  const epochs = [await readEpoch(around.stores.recovery), await readEpoch(around.stores.witness)].flatMap((epoch) =>
    epoch ? [{ ...epoch, instance: undefined }] : [],
  )
  const decision = guardDecision({ instance: ref, places: 2, epochs, silentMs: 0, leaseMs: 1 })
  if (decision.kind !== 'renew') return around.guard(ref)
  const node = around.at(ref)
  if (node.epoch < decision.continues || node.epoch > decision.epoch || node.endedBy >= decision.epoch) return
  Object.assign(node, { epoch: decision.epoch, endedBy: 0, loginsOpen: true, leaseUntilMs: Number.POSITIVE_INFINITY })
}

it(`never both write, over ${SEEDS} random recoveries`, async () => {
  const courses: Course[] = []
  for (let seed = 1; seed <= SEEDS; seed++) courses.push(await course(seed, asItIs))
  expect(courses.flatMap(({ bothWritable }, at) => (bothWritable ? [`seed ${at + 1}`] : []))).toEqual([])
  // It would hold for nothing if neither ever came to write.
  const writers = courses.map(({ writer }) => writer)
  for (const { instance } of [PRIMARY, COPY])
    expect(writers.filter((writer) => writer === instance).length).toBeGreaterThan(SEEDS / 10)
})

it('both write as soon as a guard goes by the region alone', async () => {
  let found = false
  for (let seed = 1; seed <= SEEDS && !found; seed++) found = (await course(seed, knowingItsRegionOnly)).bothWritable
  expect(found).toBe(true)
})
