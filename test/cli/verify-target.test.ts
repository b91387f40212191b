import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dailyVerification } from '../../adapters/aws/daily-verification'
import { hasRecoveryRegion } from '../../core/policy'
import { expectationsOf, type DataRole } from '../../core/verification/daily/expectations'
import { invocation } from '../../lambda/invocation'
import * as form from '../../lambda/daily-verification/contract'
import { resolvePolicy } from '../../policy'
import { fillAws } from '../adapters/aws/aws-estate'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { fillFolder } from '../adapters/local/local-estate'
import { healthyEstate, type Estate } from '../core/verification/daily/estate'
import { SITUATIONS } from '../core/verification/daily/situations'
import { functionEnvironment } from '../lambda/environment'
import { recovery } from './recovery'

const policy = resolvePolicy('test')
const NOW = new Date('2026-11-28T12:00:00.000Z')
const ROLES = ['primary', 'recovery'] as const

interface Region {
  readonly region: string
  readonly verdict: string
  readonly checks: readonly {
    readonly check: string
    readonly verdict: string
    readonly looked: number
    readonly findings: readonly { readonly code: string; readonly subject: string; readonly remedy?: string }[]
    readonly unseen: readonly string[]
  }[]
}
interface Said {
  readonly verdict: string
  readonly regions: readonly Region[]
}

const aws = useFakeAws()
const environment = functionEnvironment()
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'neonpro-verify-'))
  // The clock alone: everything that waits goes on waiting.
  jest.useFakeTimers({
    now: NOW,
    doNotFake: ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setInterval', 'setTimeout'],
  })
})
afterEach(() => {
  jest.useRealTimers()
  rmSync(folder, { recursive: true })
})
afterAll(() => environment.remove())

const estateOf = (role: DataRole, planted?: { role: DataRole; plant: (estate: Estate) => void }): Estate => {
  const estate = healthyEstate(policy, role, NOW)
  if (planted?.role === role) planted.plant(estate)
  return estate
}
const verifyHere = () => recovery('verify', '--target', 'local', '--folder', folder, '--json')
/** What decides: which check said what of what. In which words a service refuses is its own. */
const essence = ({ checks, verdict }: Region) => ({
  verdict,
  checks: checks.map(({ check, verdict: of, looked, findings, unseen }) => [
    check,
    of,
    looked,
    findings.map(({ code, subject }) => `${code} ${subject}`),
    unseen.length,
  ]),
})

it.each([{ name: 'nothing is wrong', role: 'primary' as const, plant: () => undefined }, ...SITUATIONS])(
  'where $name in the $role region, the command here and the function there come to the same verdict',
  async (situation) => {
    for (const role of ROLES) await fillFolder(join(folder, 'backups'), policy, role, estateOf(role, situation))
    const { code, out } = await verifyHere()
    const said = JSON.parse(out) as Said
    const isWrong = 'check' in situation
    expect([said.verdict, code]).toEqual(isWrong ? ['fail', 1] : ['pass', 0])
    const here = said.regions[ROLES.indexOf(situation.role)]!

    const { region } = expectationsOf(policy, situation.role)
    Object.assign(process.env, environment.variables, { AWS_REGION: region })
    await fillAws(aws.current, policy, situation.role, estateOf(situation.role, situation), (at) =>
      jest.setSystemTime(at),
    )
    jest.spyOn(process.stdout, 'write').mockReturnValue(true)
    const there = (await invocation(form, dailyVerification(process.env))({})) as Region
    jest.restoreAllMocks()
    expect(essence(here)).toEqual(essence(there))
  },
)

it('tells cause, remedy and guide of each finding, and proves its own records', async () => {
  for (const role of ROLES)
    await fillFolder(
      join(folder, 'backups'),
      policy,
      role,
      estateOf(
        role,
        SITUATIONS.find(({ code }) => code === 'foreign-key'),
      ),
    )
  const { code, out } = await recovery('verify', '--target', 'local', '--folder', folder)
  expect(code).toBe(1)
  expect(out).toMatch(
    /foreign-key .*: a recovery point is encrypted by a key .*; back it up again .*docs\/runbooks\/backups\.md/,
  )
  const evidence = await recovery(
    'evidence',
    'verify',
    '--folder',
    join(folder, 'evidence'),
    '--keys',
    join(folder, 'keys'),
  )
  expect(evidence).toMatchObject({ code: 0, out: expect.stringContaining('proven') })
})

it('is inconclusive, and exits 2, where no rehearsal has looked', async () => {
  for (const role of ROLES) await fillFolder(join(folder, 'backups'), policy, role, estateOf(role))
  if (!hasRecoveryRegion(policy)) throw new Error('the policy has one region')
  rmSync(join(folder, 'backups', policy.topology.regions.recovery, 'observed.json'))
  const { code, out } = await verifyHere()
  expect([(JSON.parse(out) as Said).verdict, code]).toEqual(['inconclusive', 2])
})

it('says what to do where there is nothing to verify', async () => {
  const { code, out } = await verifyHere()
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({ error: { code: 'NOTHING_TO_VERIFY' } })
})

it('asks the function of each region in AWS, and one that does not answer hides no other', async () => {
  const { region } = expectationsOf(policy, 'primary')
  aws.current.lambda.functions.set(`${region}/neonpro-test-daily-verification`, () => ({
    region,
    verdict: 'pass',
    checks: [],
  }))
  const { code, out } = await recovery('verify', '--target', 'aws', '--json')
  const said = JSON.parse(out) as Said
  expect([said.verdict, code]).toEqual(['inconclusive', 2])
  expect(said.regions.map((one) => one.verdict)).toEqual(['pass', 'inconclusive'])
})
