import { dueWeeks, judgeWeeks, type Week } from '../../../../core/verification/weekly/weeks'
import { resolvePolicy } from '../../../../policy'

const policy = resolvePolicy('production')
const NOW = new Date('2026-11-28T12:00:00.000Z')
const due = dueWeeks(policy, NOW, 13)

const week = (at: Date, ...codes: string[]): Week => ({
  dueAt: at.toISOString(),
  outcomes: codes.map((code, which) => ({
    which: which === 0 ? 'latest' : 'older',
    passed: code === 'ALL_CHECKS_PASSED',
    code,
  })),
})
const good = (at: Date) => week(at, 'ALL_CHECKS_PASSED', 'ALL_CHECKS_PASSED')
const states = (held: readonly Week[], now = NOW) =>
  judgeWeeks(policy, due, held, now).map(({ state, why }) => `${state} ${why}`)

it('the last thirteen weeks are due on Sundays at ten in Sao Paulo', () => {
  expect(due).toHaveLength(13)
  expect(due.map((at) => at.toISOString().slice(11, 16))).toEqual(Array.from({ length: 13 }, () => '13:00'))
  expect(new Set(due.map((at) => at.getUTCDay()))).toEqual(new Set([0]))
  expect((due.at(-1)!.getTime() - due[0]!.getTime()) / 86_400_000).toBe(12 * 7)
})

it('weeks in which both restores passed are green', () => {
  expect(states(due.map(good))).toEqual(due.map(() => 'green ALL_CHECKS_PASSED'))
})

it('a restore that failed turns its week red, and no other', () => {
  const held = due.map((at, number) => (number === 4 ? week(at, 'ALL_CHECKS_PASSED', 'CONTENT_FAIL') : good(at)))
  expect(states(held).filter((state) => !state.startsWith('green'))).toEqual(['red older/CONTENT_FAIL'])
  expect(states(held)[4]).toMatch(/^red/)
})

it('a week that nobody carried out, or half of it, is red once its windows are over, and pending until then', () => {
  const held = due.slice(0, -1).map(good)
  expect(states(held).at(-1)).toBe('red latest+older/NOT_CARRIED_OUT')
  expect(states([...held, week(due.at(-1)!, 'ALL_CHECKS_PASSED')]).at(-1)).toBe('red older/NOT_CARRIED_OUT')
  expect(states(held, new Date(due.at(-1)!.getTime() + 4 * 3_600_000)).at(-1)).toBe('pending NOT_OVER_YET')
})
