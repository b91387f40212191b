import { measureWorkload, type WorkloadEvent } from '../../../core/measurement'
import { attempt, event, FAULT_NS, NEW, OLD, stream } from './events'

const measure = (events: Iterable<WorkloadEvent>, bucketSeconds = 1) =>
  measureWorkload(stream(events), { faultNs: FAULT_NS, recoveredEndpoint: NEW, bucketSeconds })

describe('what the clients saw', () => {
  it('counts the outage from when the first failed write was begun to the first write the new writer acknowledged', async () => {
    const seen = await measure([
      ...attempt('acknowledged', 1, 1, -1, 0.01, OLD),
      ...attempt('acknowledged', 2, 1, -0.5, 0.01, OLD),
      ...attempt('unknown', 1, 2, 0.1, 1, OLD),
      ...attempt('refused', 2, 2, 0.4, 0.1, OLD),
      ...attempt('refused', 1, 3, 1.2, 0, OLD),
      ...attempt('acknowledged', 2, 3, 3.9, 0.1, NEW),
      ...attempt('acknowledged', 1, 4, 4.4, 0.1, NEW),
    ])
    expect(seen.outage?.fromSeconds).toBeCloseTo(0.1, 9)
    expect(seen.outage?.seconds).toBeCloseTo(3.9, 9)
    expect(seen.servedAgainAt).toBe('2026-11-23T12:00:04.000Z')
    expect(seen.lastAcknowledgedBeforeSeconds).toBeCloseTo(-0.49, 9)
    expect(seen.clients.map(({ client, fromSeconds, toSeconds }) => [client, fromSeconds, toSeconds])).toEqual([
      [1, expect.closeTo(0.1, 9), expect.closeTo(4.5, 9)],
      [2, expect.closeTo(0.4, 9), expect.closeTo(4, 9)],
    ])
    expect(seen).toMatchObject({ attempts: 7, acknowledged: 4, refused: 2, unknown: 1, unanswered: 0 })
  })

  it('does not take an acknowledgement of the old primary for the end of the outage', async () => {
    const seen = await measure([
      ...attempt('refused', 1, 1, 0.2, 0, OLD),
      ...attempt('acknowledged', 1, 2, 0.3, 0.01, OLD), // the old primary still serves its own side
      ...attempt('refused', 1, 3, 1, 0, OLD),
      ...attempt('acknowledged', 1, 4, 5, 0, NEW),
    ])
    expect(seen.outage).toMatchObject({ fromSeconds: expect.closeTo(0.2, 9), toSeconds: expect.closeTo(5, 9) })
  })

  it('measures no outage where nobody was served again, and counts what was never answered', async () => {
    const seen = await measure([
      ...attempt('unknown', 1, 1, 0.1, 1, OLD),
      event('intent', 1, 2, 1.2),
      event('intent', 1, 3, 2),
    ])
    expect(seen).toMatchObject({ outage: undefined, servedAgainAt: undefined, unanswered: 2, attempts: 3 })
    expect(seen.clients).toEqual([{ client: 1, fromSeconds: expect.closeTo(0.1, 9), toSeconds: undefined }])
  })

  it('ignores failures from before the fault', async () => {
    const seen = await measure([
      ...attempt('refused', 1, 1, -2, 0, OLD),
      ...attempt('refused', 1, 2, 0.5, 0, OLD),
      ...attempt('acknowledged', 1, 3, 1.5, 0, NEW),
    ])
    expect(seen.outage?.seconds).toBeCloseTo(1, 9)
  })

  it('keeps empty buckets, so that silence shows', async () => {
    const { series } = await measure([
      ...attempt('acknowledged', 1, 1, -0.5, 0.1, OLD),
      ...attempt('acknowledged', 1, 2, 3.2, 0.1, NEW),
    ])
    expect(series.map(({ fromSeconds, acknowledgedPerSecond }) => [fromSeconds, acknowledgedPerSecond])).toEqual([
      [-1, 1],
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 1],
    ])
    expect(series[1]).toMatchObject({ p50Ms: undefined, p99Ms: undefined })
  })

  it('gives latency quantiles at most 9 % above the truth, by phase', async () => {
    const events = Array.from({ length: 1000 }, (_, at) =>
      attempt('acknowledged', 1, at, -10 + at / 100, (at + 1) / 1e5, OLD),
    )
    const { phases } = await measure(events.flat())
    for (const [measured, truth] of [
      [phases.before.p50Ms, 5],
      [phases.before.p99Ms, 9.9],
    ] as const) {
      expect(measured).toBeGreaterThanOrEqual(truth * 0.999)
      expect(measured).toBeLessThanOrEqual(truth * 1.0906)
    }
    expect(phases.before.acknowledgedPerSecond).toBeCloseTo(100, 0)
    expect(phases.after).toMatchObject({ acknowledged: 0, acknowledgedPerSecond: 0 })
  })

  it('widens its buckets instead of growing, and loses no count', async () => {
    const { series } = await measure(day(), 0.25)
    expect(series.length).toBeLessThanOrEqual(480)
    const counted = series.reduce(
      (sum, { acknowledgedPerSecond, fromSeconds, toSeconds }) =>
        sum + acknowledgedPerSecond * (toSeconds - fromSeconds),
      0,
    )
    expect(Math.round(counted)).toBe(100_000)
  })

  it('is calm about an empty log', async () => {
    expect(await measure([])).toMatchObject({ attempts: 0, outage: undefined, series: [] })
  })
})

function* day(): Generator<WorkloadEvent> {
  for (let at = 0; at < 100_000; at += 1) yield* attempt('acknowledged', 1, at, at, 0.002, NEW)
}
