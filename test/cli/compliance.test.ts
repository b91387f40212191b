import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Validation } from '../../core/compliance/validation/validate'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { recovery } from './recovery'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compliance-'))
  await writeFile(join(folder, 'act.pdf'), 'signed')
})
afterEach(() => rm(folder, { recursive: true }))

const validate = (...args: readonly string[]) =>
  recovery('compliance', '--assembly', join(folder, 'none'), '--folder', folder, ...args)
const attest = (...args: readonly string[]) =>
  recovery(
    'compliance',
    'attest',
    ...args,
    '--target',
    'local',
    '--environment',
    'production',
    '--folder',
    folder,
    '--as',
    'Compliance Officer/first',
    '--document',
    join(folder, 'act.pdf'),
  )
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

it('judges every control, fails for one that is broken, and writes a page in both languages', async () => {
  const page = join(folder, 'controls.html')
  const { code, out } = await validate('--report', page)
  // The procedure itself was to be reviewed in December 2025.
  expect(out).toContain('FAIL    BCP-08')
  expect(out).toMatch(/\d of 75 controls hold valid evidence/)
  expect(code).toBe(1)
  const text = await readFile(page, 'utf8')
  expect(text).toContain('<section lang="pt-BR">')
  expect(text).toContain('<section lang="en">')
  expect(text).toContain('DESCONHECIDO')
})

it('takes the word of a person, and shows it in the next validation', async () => {
  const { code, out } = await attest('LGPD-03', '--statement', '1', '--until', inDays(100), '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ control: 'LGPD-03', validUntil: inDays(100) })
  const { controls, score, evidence } = JSON.parse((await validate('--json')).out) as Validation
  expect(evidence).toBe('pass')
  expect(score.attested).toBe(1)
  expect(controls.find(({ id }) => id === 'LGPD-03')?.statements).toMatchObject([{ verdict: 'PASS' }])
})

it('proves nothing by evidence that was changed', async () => {
  await attest('LGPD-03', '--statement', '1', '--until', inDays(100))
  const { out } = await recovery('evidence', 'verify', '--folder', join(folder, 'evidence'), '--json')
  const [chain] = (JSON.parse(out) as { chains: { region: string; writer: string }[] }).chains
  const record = join(folder, 'evidence', 'records', chain!.region, chain!.writer, '000000000000')
  await writeFile(record, (await readFile(record, 'utf8')).replace(inDays(100), inDays(200)))
  const { controls, evidence } = JSON.parse((await validate('--json')).out) as Validation
  expect(evidence).toBe('fail')
  expect(controls.find(({ id }) => id === 'LGPD-03')?.statements).toMatchObject([{ verdict: 'UNKNOWN' }])
})

it.each([
  ['nothing that is vouched for', ['LGPD-03', '--until', inDays(9)], 'it is not clear what is vouched for'],
  ['a control nobody knows', ['LGPD-99', '--statement', '1', '--until', inDays(9)], "there is no control 'LGPD-99'"],
  ['a day that is no date', ['LGPD-03', '--statement', '1', '--until', 'soon'], 'a date such as'],
  ['a number that is none', ['LGPD-03', '--statement', 'x', '--until', inDays(9)], 'a number from 1 on'],
])('refuses %s', async (_, args, message) => {
  const { code, err } = await attest(...args)
  expect(code).not.toBe(0)
  expect(err).toContain(message)
})

it('leaves evidence of a validation, by which the next one sees that it took place', async () => {
  const audits = async () =>
    (JSON.parse((await validate('--json')).out) as Validation).controls.find(({ id }) => id === 'LGPD-10')!.checks[0]!
      .verdict
  expect(await audits()).toBe('UNKNOWN')
  await validate('--record', '--as', 'Compliance Officer/first')
  expect(await audits()).toBe('PASS')
})

it('lists the controls', async () => {
  const { code, out } = await recovery('compliance', 'controls', '--json')
  expect(code).toBe(0)
  expect((JSON.parse(out) as { controls: unknown[] }).controls).toHaveLength(75)
})

describe('in AWS', () => {
  const aws = useFakeAws()
  const validatedThere = {
    at: 'now',
    catalogue: 'c',
    validation: 'v',
    decidedByMachine: 3,
    controls: 75,
    unseen: ['witness'],
  }
  const answers = (compliance: object | undefined) =>
    aws.current.lambda.functions.set('eu-west-1/neonpro-production-compliance-validation', () => ({
      region: 'eu-west-1',
      posture: 'unchanged',
      ...(compliance && { compliance: { ...validatedThere, ...compliance } }),
    }))
  const ask = (...args: readonly string[]) => recovery('compliance', 'validate', '--target', 'aws', ...args)

  it.each([
    [{ held: ['A'], broken: ['B'] }, 1, 'broken B'],
    [{ held: ['A'], broken: [] }, 2, '1 of 75 controls are verified by machine, 3 decided'],
    [{ held: Array.from({ length: 75 }, (_, at) => String(at)), broken: [] }, 0, 'templates not seen: witness'],
  ])('the function of the recovery region judges', async (compliance, code, said) => {
    answers(compliance)
    const told = await ask()
    expect(told.code).toBe(code)
    expect(told.out).toContain(said)
    expect(aws.current.calls.map(({ region }) => region)).toEqual(['eu-west-1'])
  })

  it('says why nothing came of it', async () => {
    answers(undefined)
    expect(JSON.parse((await ask('--json')).out)).toMatchObject({ error: { code: 'NOT_VALIDATED' } })
    expect(JSON.parse((await ask('--report', 'page.html', '--json')).out)).toMatchObject({
      error: { code: 'REPORT_NOT_HERE' },
    })
  })
})

describe('scripts/healthcare-compliance-validation.sh', () => {
  const script = join(__dirname, '..', '..', 'scripts', 'healthcare-compliance-validation.sh')
  const run = (...args: readonly string[]) => spawnSync(script, args, { cwd: folder, encoding: 'utf8' })

  it('works from any folder, and passes options and exit code through', () => {
    const { status, stdout } = run('--folder', folder, '--assembly', join(folder, 'none'), '--json')
    expect(status).toBe(1)
    expect((JSON.parse(stdout) as Validation).controls).toHaveLength(75)
    expect(run('--environment', 'nowhere').status).not.toBe(0)
  })
})
