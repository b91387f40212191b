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
  expect(new Set(schedules.map(({ runbook }) => runbook)).size).toBe(3)
  expect(new Set(schedules.flatMap(({ events }) => events.map(({ what }) => what))).size).toBe(6)
})
