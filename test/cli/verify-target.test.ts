import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasRecoveryRegion } from '../../core/policy'
import { expectationsOf, type DataRole } from '../../core/verification/daily/expectations'
import { resolvePolicy } from '../../policy'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { fillFolder } from '../adapters/local/local-estate'
import { healthyEstate, type Estate } from '../core/verification/daily/estate'
import { SITUATIONS } from '../core/verification/daily/situations'
import { functionEnvironment } from '../lambda/environment'
import { recovery } from './recovery'
import { essence, inLambda, type Said } from './same-verdict'
import { stopClock } from '../setup/stopped-clock'

const policy = resolvePolicy('test')
const NOW = new Date('2026-11-28T12:00:00.000Z')
const ROLES = ['primary', 'recovery'] as const

const aws = useFakeAws()
const environment = functionEnvironment()
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'neonpro-verify-'))
  stopClock(NOW)
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
const verifyHere = () => recovery('verify', '--target', 'local', '--environment', 'test', '--folder', folder, '--json')
it.each([{ name: 'nothing is wrong', role: 'primary' as const, plant: () => undefined }, ...SITUATIONS])(
  'where $name in the $role region, the command here and the function there come to the same verdict',
  async (situation) => {
    for (const role of ROLES) await fillFolder(join(folder, 'backups'), policy, role, estateOf(role, situation))
    const { code, out } = await verifyHere()
    const said = JSON.parse(out) as Said
    const isWrong = 'check' in situation
    expect([said.verdict, code]).toEqual(isWrong ? ['fail', 1] : ['pass', 0])
    const here = said.regions[ROLES.indexOf(situation.role)]!

    const estate = estateOf(situation.role, situation)
    const there = await inLambda(aws.current, environment.variables, policy, situation.role, estate)
    expect(essence(here)).toEqual(essence(there))
  },
  // Each fills four estates; on a machine that others keep busy that is no matter of seconds.
  120_000,
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
  const { code, out } = await recovery('verify', '--target', 'local', '--environment', 'test', '--folder', folder)
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
