import {
  atMost,
  breakDown,
  disagreements,
  drillResultSchema,
  exactly,
  failoverObjectives,
  NOT_MEASURED,
  phaseSeconds,
  projectRegionFailover,
  quietObjectives,
  REGION_FAILOVER_PHASES,
  verdictOf,
  type DrillResult,
} from '../../../core/measurement'
import { resolvePolicy } from '../../../policy'

const policy = resolvePolicy('production')
const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 23, 12) + seconds * 1000).toISOString()

describe('objectives', () => {
  it('meets a target up to and including it', () => {
    expect([4.9, 5, 5.1].map((measured) => atMost('x', 5, measured).met)).toEqual([true, true, false])
  })

  it('never meets what was not measured', () => {
    expect(atMost('x', 5, undefined)).toEqual({ name: 'x', target: 5, measured: NOT_MEASURED, met: false })
    expect(exactly('x', 'pass', undefined).met).toBe(false)
    expect(exactly('x', NOT_MEASURED, undefined).met).toBe(false)
  })

  it('fails on a broken promise, and is inconclusive while one is only open', () => {
    const [met, broken, open] = [atMost('a', 1, 0), atMost('b', 1, 2), atMost('c', 1, undefined)]
    expect(verdictOf([met])).toBe('pass')
    expect(verdictOf([met, open])).toBe('inconclusive')
    expect(verdictOf([met, exactly('content', 'pass', 'inconclusive')])).toBe('inconclusive')
    expect(verdictOf([open, broken])).toBe('fail')
    expect(verdictOf([])).toBe('inconclusive')
  })

  const good = {
    outageSeconds: 4,
    projectedOutageSeconds: 2900,
    rpoSeconds: 0.3,
    dataRecoverySeconds: 4,
    content: 'pass',
    ghosts: 0,
    disagreements: 0,
    oldPrimaryWritesAccepted: 0,
  } as const

  it("judges a failover by the policy's own numbers", () => {
    const judged = failoverObjectives(policy.objectives, good)
    expect(verdictOf(judged)).toBe('pass')
    expect(judged.find(({ name }) => name.startsWith('RPO of patient'))?.target).toBe(
      policy.objectives.rpo.patientMinutes * 60,
    )
  })

  it.each([
    ['a lagging replica', { rpoSeconds: 400 }, 'fail'],
    ['damaged content', { content: 'fail' as const }, 'fail'],
    ['content nobody could judge', { content: 'inconclusive' as const }, 'inconclusive'],
    ['one write the old primary accepted', { oldPrimaryWritesAccepted: 1 }, 'fail'],
    ['an old primary nobody could try', { oldPrimaryWritesAccepted: undefined }, 'inconclusive'],
    ['a ghost', { ghosts: 1 }, 'fail'],
    ['a loss that the observer does not confirm', { disagreements: 1 }, 'fail'],
    ['a loss that no observer counted', { disagreements: undefined }, 'inconclusive'],
    ['an outage nobody saw end', { outageSeconds: undefined }, 'inconclusive'],
    ['a loss under synchronous replication', { lostUnderSync: 1 }, 'fail'],
  ])('does not pass %s', (_, change, verdict) => {
    expect(verdictOf(failoverObjectives(policy.objectives, { ...good, ...change }))).toBe(verdict)
  })
})

describe('a quiet run', () => {
  const quiet = {
    failuresDeclared: 0,
    loginsClosed: 0,
    claims: 0,
    replicaFollows: true,
    lost: 0,
    ghosts: 0,
    acknowledgedPerSecond: 500,
  }

  it('passes where nothing happened, under load', () => {
    expect(verdictOf(quietObjectives(quiet, 500))).toBe('pass')
  })

  it.each([
    ['a failure was declared', { failuresDeclared: 1 }],
    ['a guard closed a login', { loginsClosed: 1 }],
    ['somebody claimed the right to write', { claims: 1 }],
    ['the replica was promoted', { replicaFollows: false }],
    ['a write was lost', { lost: 1 }],
    ['a refused write is there', { ghosts: 1 }],
    ['there was no load', { acknowledgedPerSecond: 499 }],
  ])('fails where %s', (_, change) => {
    const objectives = quietObjectives({ ...quiet, ...change }, 500)
    expect(verdictOf(objectives)).toBe('fail')
    expect(objectives.filter(({ met }) => !met)).toHaveLength(1)
  })
})

describe('two lists of attempts', () => {
  const attempt = (client: number, sequence: number) => ({ client, sequence })

  type Attempts = readonly ReturnType<typeof attempt>[]
  async function* read(attempts: Attempts) {
    yield* attempts
  }
  const differ = (one: Attempts, other: Attempts) => disagreements(read(one), read(other))

  it('agree where both hold the same', async () => {
    expect(await differ([attempt(1, 2), attempt(2, 1)], [attempt(1, 2), attempt(2, 1)])).toBe(0)
    expect(await differ([], [])).toBe(0)
  })

  it('disagree by each attempt that only one of them holds', async () => {
    expect(await differ([attempt(1, 3), attempt(1, 12)], [attempt(1, 3), attempt(11, 2)])).toBe(2)
    expect(await differ([], [attempt(1, 1)])).toBe(1)
    expect(await differ([attempt(1, 1), attempt(1, 2), attempt(1, 9)], [attempt(1, 2)])).toBe(2)
  })

  it('are refused out of order: what is read once would be compared wrongly', async () => {
    await expect(differ([attempt(2, 1), attempt(1, 2)], [])).rejects.toThrow('attempt 1:2 stands after 2:1')
    await expect(differ([attempt(1, 1), attempt(1, 1)], [])).rejects.toThrow('stands after')
  })
})

describe('the breakdown of an outage', () => {
  const steps = [
    'decide',
    'claim-epoch',
    'fence',
    'confirm',
    'promote',
    'prove',
    'switch-traffic',
    'validate',
    'open',
  ].map((name, index) => ({ name, finishedAt: at((index + 1) / 2) }))
  const ask = { faultAt: at(0), servedAgainAt: at(5), steps, endsWith: REGION_FAILOVER_PHASES }

  it('cuts the time from fault to service into phases that touch and add up', () => {
    const spans = breakDown(ask)
    expect(phaseSeconds(spans)).toEqual({
      detectSeconds: 0.5,
      fenceSeconds: 1.5,
      promoteSeconds: 1,
      switchSeconds: 1.5,
      reconnectSeconds: 0.5,
    })
    expect(spans.reduce((sum, { fromSeconds, toSeconds }) => sum + toSeconds - fromSeconds, 0)).toBe(5)
  })

  it('never goes past the moment of service', () => {
    const spans = breakDown({ ...ask, servedAgainAt: at(4.2) })
    expect(phaseSeconds(spans)).toMatchObject({ switchSeconds: expect.closeTo(1.2, 9), reconnectSeconds: 0 })
  })

  it('leaves out the phases after a step that never ended', () => {
    const spans = breakDown({ ...ask, steps: steps.slice(0, 4), servedAgainAt: undefined })
    expect(phaseSeconds(spans)).toMatchObject({ fenceSeconds: 1.5, promoteSeconds: null, reconnectSeconds: null })
  })
})

describe('the projection on production', () => {
  it("adds the policy's own waits and bounds, and moves with them", () => {
    const before = projectRegionFailover(policy, { reconnectSeconds: 1 })
    const slower = { ...policy, pace: { ...policy.pace, dns: { ttlSeconds: policy.pace.dns.ttlSeconds + 7 } } }
    const after = projectRegionFailover(slower, { reconnectSeconds: 1 })
    expect(after.totalSeconds - before.totalSeconds).toBeCloseTo(7, 6)
    expect(before.items.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(before.totalSeconds)
    expect(before.items.every(({ assumption }) => assumption.length > 0)).toBe(true)
  })
})

describe('the result of a drill', () => {
  const result: DrillResult = {
    drill: 'regional-outage',
    verdict: 'pass',
    objectives: [atMost('RTO, seconds', 3600, 4)],
    measurements: {
      outageSeconds: 4,
      detectSeconds: 1,
      fenceSeconds: 1,
      promoteSeconds: 1,
      switchSeconds: 0.5,
      reconnectSeconds: 0.5,
      rpoSeconds: 0,
      acknowledged: 10,
      lost: 0,
      ghost: 0,
      unknown: null,
    },
    steps: [{ name: 'fence', title: 'Fence', outcome: 'done', attempts: 1, startedAt: at(0), seconds: 0.2 }],
    evidence: [
      {
        id: 'ev-1',
        region: 'eu-west-1',
        sequence: 0,
        hash: 'ab',
        artefacts: [{ name: 'lost.jsonl', path: 'lost.jsonl', sha256: 'cd' }],
      },
    ],
    report: null,
  }

  it('has one shape', () => {
    expect(drillResultSchema.parse(result)).toEqual(result)
    expect(drillResultSchema.safeParse({ ...result, extra: 1 }).success).toBe(false)
  })

  it.each([
    ['no objective', { objectives: [] }],
    ['an objective that is not met', { objectives: [atMost('RTO, seconds', 1, 4)] }],
    [
      'an objective not measured but called met',
      { objectives: [{ name: 'x', target: 1, measured: NOT_MEASURED, met: true }] },
    ],
  ])('cannot pass with %s', (_, change) => {
    expect(drillResultSchema.safeParse({ ...result, ...change }).success).toBe(false)
  })
})
