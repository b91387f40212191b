import { z } from 'zod'
import { seededRandom } from '../seeded-random'

const milliseconds = z.number().nonnegative()
const engineFaults = ['crash-before', 'crash-after', 'lost-answer', 'late-effect', 'unreachable'] as const

/** What happens to the world at a moment, counted from the start of the run's clients. */
const eventSchema = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('region-stalls'), atMs: milliseconds, forMs: milliseconds }),
  z.strictObject({ what: z.literal('replica-stays-behind'), atMs: milliseconds }),
  z.strictObject({ what: z.literal('guard-dies'), atMs: milliseconds }),
  z.strictObject({ what: z.literal('guard-stops'), atMs: milliseconds, forMs: milliseconds }),
  z.strictObject({ what: z.literal('link-cut'), atMs: milliseconds, forMs: milliseconds, link: z.int().nonnegative() }),
  z.strictObject({
    what: z.literal('link-slow'),
    atMs: milliseconds,
    forMs: milliseconds,
    link: z.int().nonnegative(),
    byMs: milliseconds,
  }),
])

/** Everything that decides a real run, as far as a machine with a clock of its own lets it. Plain JSON. */
export const realScheduleSchema = z.strictObject({
  seed: z.int(),
  runbook: z.enum(['region-failover', 'zone-failover', 'failback']),
  replication: z.enum(['sync', 'async']),
  /** What befalls the primary, and when. A failback has none of it: the region fails before, and is rebuilt. */
  fault: z.enum(['process', 'host', 'hang', 'partition', 'database-hang']),
  faultAtMs: milliseconds,
  events: z.array(eventSchema),
  /** Calls of the engine, counted over all its lives, that go wrong. */
  calls: z.array(z.strictObject({ at: z.int().nonnegative(), fault: z.enum(engineFaults) })),
  /** Every so manieth answer of a store of coordination is late by so much; 0: none. */
  slowStores: z.strictObject({ every: z.int().nonnegative(), byMs: milliseconds }),
})
export type RealSchedule = z.infer<typeof realScheduleSchema>
export type RealEvent = RealSchedule['events'][number]

/** Clients work for so long before anything befalls the primary. */
const BEFORE_MS = 2_500
/** Shorter than what is declared a failure. */
const LONGEST_STALL_MS = 800

/** What a seed comes to. The runbooks take turns, so that few runs meet all of them. */
export function realScheduleOf(seed: number): RealSchedule {
  const random = seededRandom(seed)
  const runbook = (['region-failover', 'zone-failover', 'region-failover', 'failback'] as const)[seed % 4]!
  const whole = (low: number, high: number) => Math.round(random.between(low, high))
  const isMove = runbook !== 'zone-failover'
  const fault = isMove
    ? random.pick(['process', 'host', 'hang', 'partition'] as const)
    : random.pick(['process', 'database-hang'] as const)
  const events = Array.from({ length: random.pick([0, 1, 2, 3]) }, (): RealEvent => {
    const atMs = whole(0, BEFORE_MS + 3_000)
    const link = whole(0, 4)
    switch (random.pick(['region-stalls', 'guard', 'link-cut', 'link-slow', 'replica-stays-behind'] as const)) {
      case 'region-stalls':
        return {
          what: 'region-stalls',
          atMs: whole(0, BEFORE_MS - LONGEST_STALL_MS),
          forMs: whole(100, LONGEST_STALL_MS),
        }
      case 'guard':
        return random.chance(0.5)
          ? { what: 'guard-dies', atMs }
          : { what: 'guard-stops', atMs, forMs: whole(200, 5_000) }
      case 'link-cut':
        return { what: 'link-cut', atMs, forMs: whole(100, 2_000), link }
      case 'link-slow':
        return { what: 'link-slow', atMs, forMs: whole(500, 4_000), link, byMs: whole(20, 400) }
      case 'replica-stays-behind':
        return { what: 'replica-stays-behind', atMs: whole(500, BEFORE_MS) }
    }
  })
  return {
    seed,
    runbook,
    replication: random.pick(['sync', 'async', 'async']),
    fault,
    faultAtMs: BEFORE_MS,
    events,
    calls: Array.from({ length: random.pick([0, 1, 1, 2, 3]) }, () => ({
      at: whole(0, 90),
      fault: random.pick(['crash-before', 'crash-after', ...engineFaults]),
    })),
    slowStores: random.pick([
      { every: 0, byMs: 0 },
      { every: whole(3, 9), byMs: whole(50, 600) },
    ]),
  }
}
