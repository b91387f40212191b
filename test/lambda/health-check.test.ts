import { regionHealth } from '../../adapters/aws/health-world'
import { VirtualClock } from '../../adapters/memory/clock'
import type { MemoryHealthProbes } from '../../adapters/memory/health-probes'
import { healthOf } from '../../core/health/health-of'
import { resolvePolicy } from '../../policy'
import * as form from '../../lambda/health-check/contract'
import { invocation } from '../../lambda/invocation'
import type { DataRole } from '../../core/verification/daily/expectations'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { fillHealth } from '../adapters/aws/health-estate'
import { placeIn, wellPlatform } from '../core/health/platform'
import { SITUATIONS } from '../core/health/situations'
import { stopClock } from '../setup/stopped-clock'
import { functionEnvironment } from './environment'
import { contractOf, loadHandler } from './functions'

const policy = resolvePolicy('test')
const NOW = new Date('2026-11-28T12:00:00.000Z')

interface Answer {
  readonly region: string
  readonly verdict: string
  readonly serving: string
  readonly checks: readonly {
    readonly check: string
    readonly verdict: string
    readonly findings: readonly { readonly code: string; readonly subject: string }[]
    readonly unseen: readonly string[]
  }[]
  readonly notExpected: readonly string[]
}

const aws = useFakeAws()
const environment = functionEnvironment()
afterAll(() => environment.remove())

const written: string[] = []
beforeEach(() => {
  written.length = 0
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0)
  stopClock(NOW)
})
afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})
async function given(role: DataRole, plant: (typeof SITUATIONS)[number]['plant'] = () => undefined) {
  const place = placeIn(policy, role)
  Object.assign(process.env, environment.variables, { AWS_REGION: place.region })
  const platform = wellPlatform(policy, role, NOW)
  plant(platform, place, NOW)
  await fillHealth(aws.current, platform, place, NOW)
  aws.current.calls.length = 0
  return { platform, place }
}
/** The handler's own wiring; pages, names and handshakes are those of the situation. */
const run = async (platform: MemoryHealthProbes, event: object = {}): Promise<Answer> => {
  const health = regionHealth(process.env, platform)
  return (await invocation(form, ({ ask, days }) => (ask === 'history' ? health.history(days) : health.look()))(
    event,
  )) as Answer
}
/** What decides: which check said what of what. In which words a service refuses is its own. */
const essence = ({ verdict, serving, checks, notExpected }: Answer) => ({
  verdict,
  serving,
  notExpected,
  checks: checks.map(({ check, verdict: of, findings, unseen }) => [
    check,
    of,
    findings.map(({ code, subject }) => `${code} ${subject}`),
    unseen.length,
  ]),
})
const published = () =>
  written.flatMap((line) => {
    const parsed = JSON.parse(line) as Record<string, unknown>
    return 'UnhealthyChecks' in parsed ? [parsed['UnhealthyChecks']] : []
  })
const records = () =>
  [...aws.current.s3.objects]
    .filter(([key]) => key.includes('/health-check/') && key.startsWith('evidence/records/'))
    .map(([, text]) => JSON.parse(text) as { kind: string; outcome: string })

describe.each(['primary', 'recovery'] as const)('the function of the %s region', (role) => {
  it('finds a platform well, says so to nobody but its metric, and leaves one record', async () => {
    const { platform } = await given(role)
    const answer = await run(platform)
    expect(answer.checks.filter(({ verdict }) => verdict !== 'healthy')).toEqual([])
    expect([answer.verdict, answer.serving]).toEqual(['healthy', 'up'])
    expect(published()).toEqual([0])
    expect(records()).toEqual([expect.objectContaining({ kind: 'health-check', outcome: 'succeeded' })])
  })

  it('asks for nothing that its contract does not permit, and changes nothing but its evidence', async () => {
    const { platform } = await given(role)
    await run(platform)
    const { permissions } = await contractOf('health-check')
    const permitted = permissions.flatMap(({ actions }) => [
      ...actions,
      // S3 lets whoever may read an object look at it too.
      ...(actions.includes('s3:GetObject') ? ['s3:HeadObject'] : []),
    ])
    expect(
      [...new Set(aws.current.calls.map(({ action }) => action))].filter((action) => !permitted.includes(action)),
    ).toEqual([])
    const writes = aws.current.calls.filter(({ method, service }) => service === 's3' && method === 'PUT')
    expect(writes.filter(({ url }) => !url.pathname.startsWith('/evidence/'))).toEqual([])
  })

  it.each([
    ['cloudwatch:DescribeAlarms', ['alarms']],
    ['cloudwatch:GetMetricData', ['error-rate', 'functions', 'queues']],
    [
      'lambda:InvokeFunction',
      role === 'primary' ? ['database-read', 'database-write', 'heartbeat'] : ['database-read', 'replica'],
    ],
  ] as const)('does not know what it may not look at: %s', async (action, blind) => {
    const { platform } = await given(role)
    // For good, however often a look is repeated.
    aws.current.breaks(action, 'denied', 1_000)
    const answer = await run(platform)
    expect(answer.checks.flatMap(({ check, verdict }) => (verdict === 'unknown' ? [check] : []))).toEqual(blind)
    expect(answer.verdict).toBe('unknown')
    expect(published()).toEqual([blind.length])
  })
})

it.each([
  { name: 'nothing is wrong', role: 'primary' as const, plant: () => undefined },
  { name: 'nothing is wrong', role: 'recovery' as const, plant: () => undefined },
  ...SITUATIONS,
])('where $name in the $role region, memory and the function come to the same verdict', async ({ role, plant }) => {
  const { platform, place } = await given(role, plant)
  const here = await healthOf({ policy, place, clock: new VirtualClock(NOW), probes: platform })
  const there = await run(platform)
  expect(essence(there)).toEqual(essence(here))
  expect(published()).toEqual([here.checks.filter(({ verdict }) => ['unhealthy', 'unknown'].includes(verdict)).length])
})

it('tells what its earlier looks came to', async () => {
  const { platform, place } = await given('primary')
  for (let look = 0; look < 3; look += 1) {
    const at = new Date(NOW.getTime() + look * policy.health.everyMinutes * 60_000)
    jest.setSystemTime(at)
    const now = wellPlatform(policy, 'primary', at)
    await fillHealth(aws.current, now, place, at)
    await run(now)
  }
  const past = (await run(platform, { ask: 'history', days: 1 })) as unknown as {
    readonly region: string
    readonly looks: readonly unknown[]
    readonly availability: { readonly upSeconds: number }
  }
  expect([past.region, past.looks.length]).toEqual([place.region, 3])
  expect(past.availability.upSeconds).toBe(2 * policy.health.everyMinutes * 60)
})

it('is loaded by Lambda with what its stack sets, and takes a platform that it cannot reach for one that is away', async () => {
  await given('primary')
  const answer = (await (await loadHandler('health-check'))({})) as Answer
  expect(answer.checks.find(({ check }) => check === 'page')?.findings.map(({ code }) => code)).toEqual(['page-silent'])
  expect([answer.verdict, answer.serving]).toEqual(['unhealthy', 'down'])
})
