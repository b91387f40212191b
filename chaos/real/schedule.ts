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
  runbook: z.enum(['region-failover', 'zone-failover', 'failback', 'point-in-time-recovery']),
  replication: z.enum(['sync', 'async']),
  /** From one region to the other, for replication and clients. */
  oneWayMs: milliseconds.default(0),
  /**
   * What befalls the primary, and when; `rewrite` befalls its data alone. A failback has none of it: the region fails before,
   * and is rebuilt.
   */
  fault: z.enum(['process', 'host', 'hang', 'partition', 'database-hang', 'rewrite']),
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

/** The runbooks and the modes of replication take turns, so that ten runs in a row meet all of them. */
const TURNS = [
  ['region-failover', 'async'],
  ['zone-failover', 'async'],
  ['region-failover', 'sync'],
  ['failback', 'sync'],
  ['point-in-time-recovery', 'async'],
  ['region-failover', 'async'],
  ['zone-failover', 'sync'],
  ['region-failover', 'async'],
  ['point-in-time-recovery', 'sync'],
  ['failback', 'async'],
] as const satisfies readonly (readonly [RealSchedule['runbook'], RealSchedule['replication']])[]

/** What can befall a region that is lost. */
const OUTAGES = ['process', 'host', 'hang', 'partition'] as const

/** What a seed comes to. */
export function realScheduleOf(seed: number): RealSchedule {
  const random = seededRandom(seed)
  const turn = (seed + TURNS.length - 1) % TURNS.length
  const [runbook, replication] = TURNS[turn]!
  const whole = (low: number, high: number) => Math.round(random.between(low, high))
  const fault = (): RealSchedule['fault'] => {
    switch (runbook) {
      case 'region-failover':
        // By turns too, another one for each mode in the next ten.
        return OUTAGES[(TURNS.slice(0, turn).filter(([name]) => name === runbook).length + Math.floor(seed / 10)) % 4]!
      case 'failback':
        return random.pick(OUTAGES)
      case 'zone-failover':
        return random.pick(['process', 'database-hang'])
      case 'point-in-time-recovery':
        return 'rewrite'
    }
  }
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
  const isRewritten = runbook === 'point-in-time-recovery'
  return {
    seed,
    runbook,
    replication,
    oneWayMs: random.pick([0, 0, whole(20, 120)]),
    fault: fault(),
    faultAtMs: BEFORE_MS,
    // Where each commit waits for the replica, one that is held back lets nobody write, the program that rewrites neither.
    events: events.filter(({ what }) => !(isRewritten && replication === 'sync' && what === 'replica-stays-behind')),
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
