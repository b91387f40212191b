import { VirtualClock } from '../../../adapters/memory/clock'
import type { MemoryHealthProbes } from '../../../adapters/memory/health-probes'
import { HEALTH_FINDINGS } from '../../../core/health/findings'
import { healthOf } from '../../../core/health/health-of'
import { HEALTH_CHECKS, type HealthVerdict } from '../../../core/health/judges'
import { isPortError, PortError } from '../../../core/ports/errors'
import type { HealthProbes } from '../../../core/ports/health-probes'
import type { DataRole } from '../../../core/verification/daily/expectations'
import { resolvePolicy } from '../../../policy'
import { placeIn, wellPlatform } from './platform'
import { SITUATIONS } from './situations'

const policy = resolvePolicy('production')
const NOW = new Date('2026-11-28T12:00:00.000Z')
const REGIONS = ['primary', 'recovery'] as const

const lookedAt = (role: DataRole, probes: MemoryHealthProbes, serves?: () => Promise<boolean>) =>
  healthOf({
    policy,
    place: placeIn(policy, role),
    clock: new VirtualClock(NOW),
    probes,
    ...(serves && { deployments: { serves } }),
  })
const found = ({ checks }: HealthVerdict) =>
  checks.flatMap(({ check, findings }) => findings.map(({ code }) => `${check} ${code}`))
const verdictsOf = ({ checks }: HealthVerdict) =>
  Object.fromEntries(checks.map(({ check, verdict }) => [check, verdict]))
const blind = ({ checks }: HealthVerdict) =>
  checks.flatMap(({ check, verdict }) => (verdict === 'unknown' ? [check] : []))

describe('the health of a platform', () => {
  it.each(REGIONS)('is well where nothing is wrong, as the %s region sees it', async (role) => {
    const verdict = await lookedAt(role, wellPlatform(policy, role, NOW))
    expect(found(verdict)).toEqual([])
    expect(blind(verdict)).toEqual([])
    expect([verdict.verdict, verdict.serving]).toEqual(['healthy', 'up'])
    expect(verdict.checks.filter(({ looked }) => looked === 0)).toEqual([])
    expect(verdict.notExpected).toEqual(
      role === 'primary' ? ['replica', 'components'] : ['database-write', 'heartbeat', 'components'],
    )
  })

  it.each(SITUATIONS)(
    'tells of $name by $check alone',
    async ({ role, plant, check, code, serving, blind: expected = [] }) => {
      const platform = wellPlatform(policy, role, NOW)
      plant(platform, placeIn(policy, role), NOW)
      const verdict = await lookedAt(role, platform)
      expect(found(verdict)).toEqual([`${check} ${code}`])
      expect(verdictsOf(verdict)[check]).toBe(HEALTH_FINDINGS[code].grade)
      expect(verdict.serving).toBe(serving)
      // A database that answers nobody, or replays another one, has no lease to speak of.
      expect(blind(verdict).filter((one) => one !== 'heartbeat')).toEqual(expected.filter((one) => one !== 'heartbeat'))
      expect(verdict.verdict).toBe(HEALTH_FINDINGS[code].grade)
    },
  )

  it('tells of a component that does not serve', async () => {
    const well = await lookedAt('primary', wellPlatform(policy, 'primary', NOW), async () => true)
    expect([well.verdict, well.notExpected]).toEqual(['healthy', ['replica']])
    const ill = await lookedAt('primary', wellPlatform(policy, 'primary', NOW), async () => false)
    expect([...new Set(found(ill))]).toEqual(['components component-down'])
    const unseen = await lookedAt('primary', wellPlatform(policy, 'primary', NOW), async () => {
      throw new PortError('denied', 'NO_RIGHT', 'nobody may look')
    })
    expect([unseen.verdict, blind(unseen)]).toEqual(['unknown', ['components']])
  })

  it('has a situation for every kind of finding and every check', () => {
    const codes = new Set<string>(SITUATIONS.map(({ code }) => code))
    expect(Object.keys(HEALTH_FINDINGS).filter((code) => !codes.has(code))).toEqual(['component-down'])
    const checks = new Set<string>(SITUATIONS.map(({ check }) => check))
    expect(Object.keys(HEALTH_CHECKS).filter((check) => !checks.has(check))).toEqual(['components'])
  })

  const LOOKS: Readonly<Record<keyof HealthProbes, readonly string[]>> = {
    page: ['page'],
    attempts: ['error-rate'],
    handshake: ['certificate', 'protocol'],
    name: ['names'],
    database: ['database-read', 'database-write', 'heartbeat'],
    functions: ['functions'],
    queues: ['queues'],
    alarms: ['alarms'],
    backups: ['backups'],
  }
  it.each(Object.entries(LOOKS))('never counts as well what nobody could look at: %s', async (verb, checks) => {
    const platform = wellPlatform(policy, 'primary', NOW)
    platform.denied.add(verb as keyof HealthProbes)
    const verdict = await lookedAt('primary', platform)
    expect(blind(verdict)).toEqual(checks)
    expect(verdict.verdict).toBe('unknown')
    expect(found(verdict)).toEqual([])
  })

  const UNSEEN: readonly (readonly [what: string, plant: (platform: MemoryHealthProbes) => void, check: string])[] = [
    ['attempts that nobody made', (platform) => (platform.asked = undefined), 'error-rate'],
    ['a region without alarms', (platform) => (platform.ringing.length = 0), 'alarms'],
    ['backups that were never looked at', (platform) => (platform.lookedAt = undefined), 'backups'],
    [
      'a daily look that could not see',
      (platform) => (platform.lookedAt = { ...platform.lookedAt!, outcome: 'inconclusive' }),
      'backups',
    ],
    ['a function that nobody measured', (platform) => platform.runs.clear(), 'functions'],
    ['a queue that nobody measured', (platform) => platform.waiting.clear(), 'queues'],
    ['a server that shakes no hands', (platform) => platform.handshakes.clear(), 'certificate'],
    [
      'an alarm without data',
      (platform) => (platform.ringing[0] = { name: platform.ringing[0]!.name, state: 'no-data' }),
      'alarms',
    ],
  ]
  it.each(UNSEEN)('does not know of %s', async (_, plant, check) => {
    const platform = wellPlatform(policy, 'primary', NOW)
    plant(platform)
    const verdict = await lookedAt('primary', platform)
    expect(blind(verdict)).toContain(check)
    expect(verdict.verdict).toBe('unknown')
  })

  it('does not know of a receiver that the role may not see', async () => {
    const platform = wellPlatform(policy, 'recovery', NOW)
    const { own } = placeIn(policy, 'recovery')
    platform.databases.set(own.instance, {
      reads: true,
      replica: true,
      receives: 'unknown',
      heartbeatAt: NOW.toISOString(),
    })
    expect(blind(await lookedAt('recovery', platform))).toEqual(['replica'])
  })

  it('goes by the served name, and not by what is declared: after a failover the recovery region has to write', async () => {
    const platform = wellPlatform(policy, 'recovery', NOW)
    const { databaseName, own } = placeIn(policy, 'recovery')
    const target = `${own.instance}.abc123.${own.region}.rds.amazonaws.com`
    platform.names.set(databaseName, { target, ttlSeconds: 60 })
    expect(found(await lookedAt('recovery', platform))).toEqual(['database-write writer-in-recovery'])
    platform.databases.set(own.instance, { reads: true, replica: false, writes: true, heartbeatAt: NOW.toISOString() })
    const verdict = await lookedAt('recovery', platform)
    expect([verdict.verdict, verdict.notExpected]).toEqual(['healthy', ['replica', 'components']])
  })

  it('looks at the database that the name leads to, also at one that only a recovery knows', async () => {
    const platform = wellPlatform(policy, 'primary', NOW)
    const place = placeIn(policy, 'primary')
    const beside = { region: place.region, instance: 'neonpro-production-db-g3' }
    platform.names.set(place.databaseName, { target: `${beside.instance}.x.${beside.region}.rds.amazonaws.com` })
    platform.databases.set(beside.instance, {
      reads: true,
      replica: false,
      writes: true,
      heartbeatAt: NOW.toISOString(),
    })
    platform.databases.delete(place.own.instance)
    const seen = await healthOf({
      policy,
      place: { ...place, instances: [...place.instances, beside] },
      clock: new VirtualClock(NOW),
      probes: platform,
    })
    expect(seen.verdict).toBe('healthy')
  })

  it('throws what is our own mistake', async () => {
    const platform = wellPlatform(policy, 'primary', NOW)
    platform.page = async () => {
      throw new TypeError('a mistake')
    }
    const thrown = await lookedAt('primary', platform).catch((error: unknown) => error)
    expect([thrown instanceof TypeError, isPortError(thrown)]).toEqual([true, false])
  })
})
