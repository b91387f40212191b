import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { regionHealth } from '../../adapters/aws/health-world'
import { functionName } from '../../core/policy/names'
import * as form from '../../lambda/health-check/contract'
import { resolvePolicy } from '../../policy'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { fillHealth } from '../adapters/aws/health-estate'
import { placeIn, wellPlatform } from '../core/health/platform'
import { SITUATIONS } from '../core/health/situations'
import { functionEnvironment } from '../lambda/environment'
import { recovery } from './recovery'

// What a function publishes would stand between what the command says.
jest.mock('../../adapters/aws/metrics', () => ({ publish: () => undefined }))

const policy = resolvePolicy('test')
const ROLES = ['primary', 'recovery'] as const

interface Said {
  readonly verdict: string
  readonly regions: readonly {
    readonly region: string
    readonly verdict: string
    readonly checks: readonly {
      readonly check: string
      readonly findings: readonly { readonly code: string; readonly remedy?: string; readonly guide?: string }[]
      readonly unseen: readonly string[]
    }[]
  }[]
}

const aws = useFakeAws()
const environment = functionEnvironment()
afterAll(() => environment.remove())

/** The function of each region answers as it would in AWS, over a platform that is well but for what is planted in one. */
async function given(planted: { readonly role: string; readonly plant: (typeof SITUATIONS)[number]['plant'] }) {
  for (const role of ROLES) {
    const [now, place] = [new Date(), placeIn(policy, role)]
    const platform = wellPlatform(policy, role, now)
    if (planted.role === role) planted.plant(platform, place, now)
    await fillHealth(aws.current, platform, place, now)
    const health = regionHealth({ ...process.env, ...environment.variables, AWS_REGION: place.region }, platform)
    aws.current.lambda.functions.set(`${place.region}/${functionName(policy, 'health-check')}`, async (event) => {
      const { ask, days } = form.input.parse(event)
      return form.output.parse(await (ask === 'history' ? health.history(days) : health.look()))
    })
  }
}
const NOTHING = { role: 'nowhere', plant: () => undefined }
const byCode = (code: string) => SITUATIONS.find((situation) => situation.code === code)!
const inAws = (...args: string[]) => recovery('health', ...args, '--target', 'aws')

describe('the health of the regions in AWS', () => {
  it.each([
    ['nothing is wrong', NOTHING, 'healthy', 0],
    ['the page is silent', byCode('page-silent'), 'unhealthy', 1],
    ['a replica lags', byCode('replica-behind'), 'degraded', 2],
  ] as const)('ends by its verdict where %s', async (_, planted, verdict, code) => {
    await given(planted)
    const ended = await inAws('test', '--json')
    const said = JSON.parse(ended.out) as Said
    expect([said.verdict, ended.code]).toEqual([verdict, code])
    expect(said.regions.map(({ region }) => region)).toEqual(ROLES.map((role) => placeIn(policy, role).region))
    const findings = said.regions.flatMap(({ checks }) => checks.flatMap((check) => check.findings))
    for (const finding of findings)
      expect(finding).toEqual(expect.objectContaining({ remedy: expect.any(String), guide: expect.any(String) }))
  })

  it('is unknown where a region does not answer, whatever the other one says', async () => {
    await given(NOTHING)
    aws.current.lambda.functions.delete(`${placeIn(policy, 'recovery').region}/${functionName(policy, 'health-check')}`)
    const { code, out } = await inAws('test')
    expect(code).toBe(2)
    expect(out).toContain('not looked at: ResourceNotFoundException')
    expect(out).toContain('unknown as 2 regions saw it')
  })

  it('is told as a table, each finding with what ends it', async () => {
    await given(byCode('certificate-ending'))
    const { code, out } = await inAws('test')
    expect(code).toBe(1)
    expect(out).toMatch(
      /unhealthy certificate \(1\)\n {4}certificate-ending api\.test\.neonpro\.healthcare: .*renew it by hand/,
    )
    expect(out).toContain('not here: replica, components')
  })

  it('remembers its looks', async () => {
    await given(byCode('page-silent'))
    await inAws('test')
    const { code, out } = await recovery('health', 'history', 'test', '--target', 'aws', '--days', '1', '--json')
    expect(code).toBe(0)
    const { regions } = JSON.parse(out) as {
      regions: { looks: { verdict: string; findings: string[] }[]; availability: object }[]
    }
    expect(regions.map(({ looks }) => looks.map(({ verdict }) => verdict))).toEqual([['unhealthy'], ['healthy']])
    expect(regions[0]!.looks[0]!.findings).toEqual(['page-silent'])
    expect((await recovery('health', 'history', 'test', '--target', 'aws')).out).toMatch(
      /unhealthy clients down: page-silent[^]*availability unknown, 0\.000 % proven; target unknown/,
    )
  })
})

describe('the health of a local world', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'neonpro-health-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it.each([
    [['health'], 'NO_WORLD'],
    [['health', 'nowhere', '--target', 'aws'], 'ENVIRONMENT_UNKNOWN'],
    [['health', 'history', 'nowhere'], 'ENVIRONMENT_UNKNOWN'],
    [['health', 'history', '--days', '0'], 'INPUT_REFUSED'],
  ])('says what is missing: %j', async (args, code) => {
    const ended = await recovery(...args, '--folder', folder, '--json')
    expect([ended.code, (JSON.parse(ended.out) as { error: { code: string } }).error.code]).toEqual([1, code])
  })

  it('has a script that works from anywhere and passes on how it ended', async () => {
    const script = join(__dirname, '../../scripts/deployment-health-check.sh')
    const { RECOVERY_TARGET: _, ...variables } = process.env
    const run = promisify(execFile)(script, ['--folder', folder], { cwd: folder, env: variables })
    const ended = (await run.catch((error: unknown) => error)) as { code: number; stderr: string }
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain('no local world stands')
    expect(ended.stderr).toContain("'npx recovery world up'")
  }, 60_000)
})
