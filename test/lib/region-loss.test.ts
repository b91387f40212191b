import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { probe } from '../../adapters/net/http-probe'
import { VirtualClock } from '../../adapters/memory/clock'
import { serviceLevel } from '../../core/detection/service-level'
import { projectRegionFailover } from '../../core/measurement'
import { withRecoveryRegion } from '../../core/policy'
import { RECONNECT_SECONDS, ZONE_FAILOVER_SECONDS } from '../../core/policy/feasibility/recovery-time'
import { Names } from '../../lib/names'
import { resolvePolicy } from '../../policy'
import { resourcesOf, synthesize } from './synth'

const policy = withRecoveryRegion(resolvePolicy('production'))
const names = new Names(policy)
const { detection } = policy.pace
const alarms = resourcesOf(synthesize(policy), 'AWS::CloudWatch::Alarm')
const periodsOf = (id: 'primary-unreachable' | 'replica-cut-off'): number => {
  const [found] = alarms.filter(({ Properties }) => Properties?.['AlarmName'] === names.alarm(id))
  expect(found?.Properties).toMatchObject({ Period: 60, TreatMissingData: 'notBreaching' })
  return Number(found?.Properties?.['EvaluationPeriods'])
}

/** The API of the primary region, which answers badly during the outage. */
let outage: { readonly clock: VirtualClock; readonly fromMs: number; readonly toMs: number }
const isAway = (ms: number) => ms >= outage.fromMs && ms < outage.toMs
let server: Server
let url: string
beforeAll(async () => {
  server = createServer((_, response) => response.writeHead(isAway(outage.clock.monotonicMs()) ? 503 : 200).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** What a look that begins at a moment publishes: the real probe; a receiver that heard its source until the outage began. */
async function look(atMs: number) {
  const clock = new VirtualClock(new Date(0))
  await clock.sleep(atMs)
  outage = { ...outage, clock }
  const silentAfterMs = detection.probeEverySeconds * detection.consecutiveFailures * 1000
  const receiver = isAway(atMs) && atMs - outage.fromMs >= silentAfterMs ? 'down' : 'up'
  const seen = await probe(url, detection, clock)
  const observedAt = clock.now().toISOString()
  const level = serviceLevel(
    [],
    [
      { kind: 'health-checkers', ...seen },
      { kind: 'replication-receiver', verdict: receiver, observedAt },
    ],
  )
  return { ...level, publishedMs: clock.monotonicMs() }
}

/** When both alarms ring, from the beginning of the outage, seconds; undefined for never. */
async function ringsAfter(
  outageSeconds: number,
  fromSeconds: number,
  lateSeconds: (minute: number) => number,
): Promise<number | undefined> {
  const fromMs = fromSeconds * 1000
  outage = { clock: new VirtualClock(), fromMs, toMs: fromMs + outageSeconds * 1000 }
  const inARow = { unreachable: 0, cutOff: 0 }
  for (let minute = 0; minute * 60_000 < fromMs + Math.min(outageSeconds, 900) * 1000; minute++) {
    const { primaryUnreachable, replicaCutOff, publishedMs } = await look((minute * 60 + lateSeconds(minute)) * 1000)
    inARow.unreachable = primaryUnreachable === 1 ? inARow.unreachable + 1 : 0
    inARow.cutOff = replicaCutOff === 1 ? inARow.cutOff + 1 : 0
    if (inARow.unreachable >= periodsOf('primary-unreachable') && inARow.cutOff >= periodsOf('replica-cut-off'))
      return (publishedMs - fromMs) / 1000
  }
  return undefined
}

/** How late a schedule that is exact to a minute can begin: the same each time, or at each time something else. */
const SCHEDULES: readonly (readonly [string, (minute: number) => number])[] = [
  ...[0, 15, 30, 45, 59].map((late) => [`${late} s late`, () => late] as const),
  ['early and late by turns', (minute) => (minute % 2) * 59],
  ['ever less late', (minute) => Math.max(0, 59 - minute * 12)],
  ['late, less late, early', (minute) => 59 - (minute % 3) * 29.5],
]
/** Moments at which an outage may begin, over the longest pattern of a schedule. */
const BEGINS = Array.from({ length: 18 }, (_, i) => 60 + i * 10)

describe.each(SCHEDULES)('a look each minute, %s', (_name, lateSeconds) => {
  it('takes no change of the zone of the database for the loss of the region', async () => {
    for (const begins of BEGINS)
      expect(await ringsAfter(ZONE_FAILOVER_SECONDS + RECONNECT_SECONDS, begins, lateSeconds)).toBeUndefined()
  })

  it('finds a region that stays away, within what the promise of recovery counts for it', async () => {
    const [detect] = projectRegionFailover(policy, { reconnectSeconds: 0 }).items
    const EVALUATED_SECONDS = 60
    for (const begins of BEGINS) {
      const after = await ringsAfter(Infinity, begins, lateSeconds)
      expect(after).toBeGreaterThan(ZONE_FAILOVER_SECONDS)
      expect(after! + EVALUATED_SECONDS).toBeLessThanOrEqual(detect!.seconds)
    }
  })
})
