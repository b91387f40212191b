import type { RealFacts } from '../../chaos/real/facts'
import { REAL_INVARIANTS } from '../../chaos/real/invariants'
import { judgeReal } from '../../chaos/real/run'
import { realScheduleOf, realScheduleSchema } from '../../chaos/real/schedule'

const refused = { outcome: 'refused' } as const
const step = { status: 'done', attempt: 1 } as const

const GOOD: RealFacts = {
  run: { outcome: 'succeeded', steps: { report: step } },
  continuation: undefined,
  keepsEverything: true,
  loss: { acknowledged: 100, lost: 0, lostThoughShipped: 0, ghost: 0, duplicated: 0, damaged: 0, disagreements: 0 },
  leftBehind: undefined,
  oldPrimary: [refused],
  end: { writerWrites: true, clientsServed: true },
  evidence: { verdict: 'pass', outcomes: ['succeeded'] },
  left: { worlds: 0, processes: 0 },
}
const loss = GOOD.loss!

/** One example for each invariant in which it alone does not hold. */
const BROKEN: Readonly<Record<string, RealFacts>> = {
  'the run completes or stops with a plan': {
    ...GOOD,
    run: { outcome: 'stopped', steps: { report: step } },
    evidence: { verdict: 'pass', outcomes: ['stopped'] },
  },
  'nothing that had been shipped is lost': {
    ...GOOD,
    keepsEverything: false,
    loss: { ...loss, lost: 3, lostThoughShipped: 1 },
  },
  'nothing is lost where the successor acknowledges, or by a planned move': { ...GOOD, loss: { ...loss, lost: 1 } },
  'what a recovery leaves behind is on its list': { ...GOOD, leftBehind: { unlisted: 2, rewritten: false } },
  'what was wrong is not recovered': { ...GOOD, leftBehind: { unlisted: 0, rewritten: true } },
  'what was refused is absent, and nothing is there twice or damaged': { ...GOOD, loss: { ...loss, ghost: 1 } },
  'two logs agree on the loss': { ...GOOD, loss: { ...loss, disagreements: 1 } },
  'the old primary accepts nothing': { ...GOOD, oldPrimary: [refused, { outcome: 'accepted' }] },
  'the verdict is true to the facts': { ...GOOD, end: { writerWrites: true, clientsServed: false } },
  'the evidence verifies and agrees with the run': { ...GOOD, evidence: { verdict: 'fail', outcomes: ['succeeded'] } },
  'nothing is left behind': { ...GOOD, left: { worlds: 0, processes: 1 } },
}

it('holds for a good run, and for one that lost in async mode what was not shipped', () => {
  expect(judgeReal(GOOD)).toEqual([])
  expect(judgeReal({ ...GOOD, keepsEverything: false, loss: { ...loss, lost: 40 } })).toEqual([])
})

it.each(REAL_INVARIANTS.map(({ name }) => name))('%s: fires, and alone', (name) => {
  expect(judgeReal(BROKEN[name]!).map(({ invariant }) => invariant)).toEqual([name])
})

it('counts an attempt on the old primary that nobody answered as no proof', () => {
  expect(judgeReal({ ...GOOD, oldPrimary: [{ outcome: 'unanswered' }] })).toHaveLength(1)
})

it('makes of a seed the same schedule each time, in the form that a report stores', () => {
  const schedules = Array.from({ length: 40 }, (_, seed) => realScheduleOf(seed))
  for (const schedule of schedules) {
    expect(realScheduleOf(schedule.seed)).toEqual(schedule)
    expect(realScheduleSchema.parse(JSON.parse(JSON.stringify(schedule)))).toEqual(schedule)
  }
  expect(new Set(schedules.flatMap(({ fault }) => fault)).size).toBe(6)
  expect(new Set(schedules.flatMap(({ events }) => events.map(({ what }) => what))).size).toBe(6)
})

it('meets every runbook, both modes of replication and every outage of a region within ten seeds', () => {
  const ten = Array.from({ length: 10 }, (_, at) => realScheduleOf(1 + at))
  const modes = (runbook: string) =>
    new Set(ten.filter((schedule) => schedule.runbook === runbook).map(({ replication }) => replication))
  for (const runbook of ['region-failover', 'zone-failover', 'failback', 'point-in-time-recovery'])
    expect([...modes(runbook)].toSorted()).toEqual(['async', 'sync'])
  expect(
    ten
      .filter(({ runbook }) => runbook === 'region-failover')
      .map(({ fault }) => fault)
      .toSorted(),
  ).toEqual(['hang', 'host', 'partition', 'process'])
  expect(new Set(ten.map(({ oneWayMs }) => oneWayMs > 0))).toEqual(new Set([true, false]))
})

it('holds no replica back that the program which rewrites would have to wait for', () => {
  const held = Array.from({ length: 200 }, (_, seed) => realScheduleOf(seed)).filter(({ events }) =>
    events.some(({ what }) => what === 'replica-stays-behind'),
  )
  const kinds = new Set(held.map(({ runbook, replication }) => `${runbook} ${replication}`))
  expect(kinds.has('point-in-time-recovery async') && kinds.has('failback sync')).toBe(true)
  expect(kinds).not.toContain('point-in-time-recovery sync')
})
