import { withRecoveryRegion } from '../../core/policy/two-regions'
import { expectationsOf, type DataRole } from '../../core/verification/daily/expectations'
import { resolvePolicy } from '../../policy'
import { fillAws } from '../adapters/aws/aws-estate'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { healthyEstate, type Estate } from '../core/verification/daily/estate'
import { SITUATIONS } from '../core/verification/daily/situations'
import { stopClock } from '../setup/stopped-clock'
import { functionEnvironment } from './environment'
import { contractOf, loadHandler } from './functions'
import { dailyVerification } from '../../adapters/aws/daily-verification'
import { invocation } from '../../lambda/invocation'
import * as form from '../../lambda/daily-verification/contract'

const policy = withRecoveryRegion(resolvePolicy('test'))
const { regions } = policy.topology
const NOW = new Date('2026-11-28T12:00:00.000Z')

/** What EventBridge Scheduler hands to the function: the input that the stack declares. */
const SCHEDULED = {}

interface Answer {
  readonly verdict: string
  readonly checks: readonly {
    readonly check: string
    readonly findings: readonly { readonly code: string }[]
    readonly unseen: readonly string[]
  }[]
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
async function given(role: DataRole, plant: (estate: Estate) => void = () => undefined): Promise<void> {
  const { region } = expectationsOf(policy, role)
  Object.assign(process.env, environment.variables, { AWS_REGION: region })
  const estate = healthyEstate(policy, role, NOW)
  plant(estate)
  await fillAws(aws.current, policy, role, estate, (at) => jest.setSystemTime(at))
  aws.current.calls.length = 0
}
const run = async (): Promise<Answer> => (await (await loadHandler('daily-verification'))(SCHEDULED)) as Answer
/** What the handler is made of, without loading all of it anew for each of many situations. */
const runAgain = (): Promise<Answer> => invocation(form, dailyVerification(process.env))(SCHEDULED)
const found = ({ checks }: Answer) =>
  checks.flatMap(({ check, findings }) => findings.map(({ code }) => `${check} ${code}`))
const published = () =>
  written.flatMap((line) => {
    const parsed = JSON.parse(line) as Record<string, unknown>
    return 'DailyFindings' in parsed ? [parsed['DailyFindings']] : []
  })
const records = () =>
  [...aws.current.s3.objects]
    .filter(([key]) => key.startsWith('evidence/records/'))
    .map(([, text]) => JSON.parse(text) as { kind: string; outcome: string })

describe.each(['primary', 'recovery'] as const)('the function of the %s region', (role) => {
  const other = role === 'primary' ? regions.recovery : regions.primary

  it('passes where all is well, while every key of the other region is denied', async () => {
    await given(role)
    aws.current.kms.deniedRegions.add(other)
    const answer = await run()
    expect(found(answer)).toEqual([])
    expect(answer.checks.flatMap(({ check, unseen }) => unseen.map((code) => `${check} ${code}`))).toEqual([])
    expect(answer.verdict).toBe('pass')
    expect(published()).toEqual([0])
    expect(records()).toEqual([expect.objectContaining({ kind: 'daily-verification', outcome: 'succeeded' })])
  })

  it('asks for nothing that its contract does not permit, and changes nothing but its evidence', async () => {
    await given(role)
    await run()
    const { permissions } = await contractOf('daily-verification')
    // S3 lets whoever may read an object look at it too.
    const permitted = permissions.flatMap(({ actions }) => [
      ...actions,
      ...(actions.includes('s3:GetObject') ? ['s3:HeadObject'] : []),
    ])
    expect(
      [...new Set(aws.current.calls.map(({ action }) => action))].filter((action) => !permitted.includes(action)),
    ).toEqual([])
    const writes = aws.current.calls.filter(({ method, service }) => service === 's3' && method === 'PUT')
    expect(writes.filter(({ url }) => !url.pathname.startsWith('/evidence/'))).toEqual([])
  })

  it('says what it could not look at, and rings', async () => {
    await given(role)
    // For good, however often a look is repeated.
    aws.current.breaks('backup:DescribeBackupVault', 'denied', 1_000)
    const answer = await run()
    expect(answer.verdict).toBe('inconclusive')
    expect(answer.checks.find(({ check }) => check === 'vault-locks')?.unseen).toEqual(['AccessDeniedException'])
    expect(published()).toEqual([1])
  })
})

it.each(SITUATIONS)('finds $name in the $role region, by $check', async ({ role, plant, check, code }) => {
  await given(role, plant)
  const answer = await runAgain()
  expect([...new Set(found(answer))]).toEqual([`${check} ${code}`])
  expect(records().map(({ outcome }) => outcome)).toEqual(['failed'])
})
