import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import { VirtualClock } from '../../../adapters/memory/clock'
import { EvidenceChain } from '../../../core/evidence'
import { recordsIn } from '../../../core/evidence/records'
import { checkHealth } from '../../../core/health/check-health'
import { healthHistory } from '../../../core/health/history'
import { HEALTH_CHECK } from '../../../core/health/record-kind'
import { resolvePolicy } from '../../../policy'
import { placeIn, wellPlatform } from './platform'

const policy = resolvePolicy('production')
const START = new Date('2026-11-28T12:00:00.000Z')
const EVERY_SECONDS = policy.health.everyMinutes * 60

async function looks(count: number, ill: readonly number[] = []) {
  const store = new MemoryWriteOnceStore()
  const clock = new VirtualClock(START)
  const place = placeIn(policy, 'primary')
  const identity = { region: place.region, writer: HEALTH_CHECK, environment: 'production', policyHash: 'f'.repeat(64) }
  const evidence = new EvidenceChain(store, identity)
  for (let at = 0; at < count; at += 1) {
    const probes = wellPlatform(policy, 'primary', clock.now())
    if (ill.includes(at)) probes.served = { answered: false, code: 'ECONNREFUSED' }
    await checkHealth({ policy, place, clock, probes, evidence })
    await clock.sleep(EVERY_SECONDS * 1000)
  }
  return { store, region: place.region, now: clock.now() }
}

it('leaves one record of each look, with codes and names of our own things alone', async () => {
  const { store } = await looks(2, [1])
  const records = []
  for await (const record of recordsIn(store)) records.push(record)
  expect(records.map(({ kind, outcome, measurements }) => [kind, outcome, measurements['serving']])).toEqual([
    ['health-check', 'succeeded', 'up'],
    ['health-check', 'failed', 'down'],
  ])
  expect(records[1]!.measurements).toMatchObject({
    verdict: 'unhealthy',
    checks: { page: 'unhealthy', names: 'healthy' },
    findings: [{ code: 'page-silent', subject: 'served page', detail: { code: 'ECONNREFUSED' } }],
    findingsTotal: 1,
    unseen: {},
  })
})

it('tells of earlier looks, the newest first, and what they come to', async () => {
  const { store, region, now } = await looks(60, [30])
  const past = await healthHistory(policy, store, { region, now, days: 1 })
  expect(past.looks).toHaveLength(60)
  expect(past.looks[0]!.at > past.looks[1]!.at).toBe(true)
  expect(past.looks.filter(({ verdict }) => verdict !== 'healthy')).toEqual([
    expect.objectContaining({ serving: 'down', findings: ['page-silent'] }),
  ])
  expect(past.availability).toMatchObject({ windowSeconds: 86_400, downSeconds: 2 * EVERY_SECONDS, target: 'missed' })
  expect(past.availability.upSeconds + past.availability.downSeconds).toBe(59 * EVERY_SECONDS)
})

it('reads no further back than the window asks', async () => {
  const { store, region, now } = await looks(400)
  let reads = 0
  const counted = { get: (key: string) => ((reads += 1), store.get(key)) }
  const past = await healthHistory(policy, counted, { region, now: new Date(now), days: 1 })
  expect(past.looks.length).toBe((24 * 60) / policy.health.everyMinutes)
  // A day is 288 looks; the chain holds 400, and its end is found in a few reads.
  expect(reads).toBeLessThan(360)
})

it('knows nothing of a region from which nobody has looked', async () => {
  const past = await healthHistory(policy, new MemoryWriteOnceStore(), { region: 'eu-west-1', now: START })
  expect(past).toMatchObject({
    looks: [],
    availability: { availablePercent: null, provenPercent: 0, target: 'unknown' },
  })
})
