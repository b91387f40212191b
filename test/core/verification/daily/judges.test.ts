import { DAILY_FINDINGS } from '../../../../core/verification/daily/findings'
import { DAILY_CHECKS, type DailyVerdict } from '../../../../core/verification/daily/judges'
import { verifyDay } from '../../../../core/verification/daily/verify'
import { resolvePolicy } from '../../../../policy'
import { healthyEstate, type Estate } from './estate'
import { memoryDay } from './memory-estate'
import { SITUATIONS } from './situations'

const policy = resolvePolicy('production')
const NOW = new Date('2026-11-28T12:00:00.000Z')

const found = ({ checks }: DailyVerdict) =>
  checks.flatMap(({ check, findings }) => findings.map(({ code }) => `${check} ${code}`))
const verified = async (role: 'primary' | 'recovery', plant: (estate: Estate) => void = () => undefined) => {
  const estate = healthyEstate(policy, role, NOW)
  plant(estate)
  return verifyDay(await memoryDay(policy, role, estate))
}

describe('the daily checks', () => {
  it.each(['primary', 'recovery'] as const)(
    'pass in a healthy %s region, each having looked at something',
    async (role) => {
      const verdict = await verified(role)
      expect(found(verdict)).toEqual([])
      expect(verdict.checks.filter(({ unseen }) => unseen.length > 0)).toEqual([])
      expect(verdict.verdict).toBe('pass')
      // The recovery region has no database of its own while it waits.
      const idle = verdict.checks.filter(({ looked }) => looked === 0).map(({ check }) => check)
      expect(idle).toEqual(role === 'primary' ? [] : ['coverage'])
      expect(verdict.notExpected).toEqual(role === 'primary' ? ['copies', 'replication'] : ['restorable-time'])
    },
  )

  it.each(SITUATIONS)(
    'find $name in the $role region, by $check and nothing else',
    async ({ role, plant, check, code }) => {
      const verdict = await verified(role, plant)
      expect([...new Set(found(verdict))]).toEqual([`${check} ${code}`])
      expect(verdict.verdict).toBe('fail')
    },
  )

  it('have a situation for every kind of finding and every check', () => {
    const codes = new Set<string>(SITUATIONS.map(({ code }) => code))
    // The quota is a million: a vault that full is in the test of the memory.
    expect(Object.keys(DAILY_FINDINGS).filter((code) => !codes.has(code))).toEqual(['quota-used-soon'])
    const checks = new Set<string>(SITUATIONS.map(({ check }) => check))
    expect(Object.keys(DAILY_CHECKS).filter((check) => !checks.has(check))).toEqual([])
  })
})
