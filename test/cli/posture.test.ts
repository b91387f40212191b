import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recovery } from './recovery'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posture-'))
  await assembly('old', 35)
  await assembly('new', 14)
  await assembly('bare', 35, { policy: false })
  await writeFile(join(folder, 'record.json'), JSON.stringify(RECORD))
  await mkdir(join(folder, 'records'))
  await writeFile(join(folder, 'records', 'change-12.json'), JSON.stringify(RECORD))
  await writeFile(join(folder, 'of-nobody.json'), JSON.stringify({ ...RECORD, owner: 'x' }))
})
afterAll(() => rm(folder, { recursive: true }))

const dayFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const approval = (role: string, digit: string) => ({
  role,
  person: `sha256:${digit.repeat(64)}`,
  approvedOn: dayFromNow(-1),
  reference: 'minutes 12',
})
const RECORD = {
  id: 'change-12',
  environment: 'production',
  owner: 'DevOps Lead',
  reason: 'the instance is rebuilt, and its history is held elsewhere',
  approvals: [approval('Compliance Officer', 'a'), approval('Medical Director', 'b')],
  expires: dayFromNow(30),
  weakenings: [{ subject: 'neonpro-database/Db', path: 'BackupRetentionPeriod', before: 35, after: 14 }],
}

/** A stage with one stack, as the CDK writes it, and the policy layer of its functions. */
async function assembly(name: string, BackupRetentionPeriod: number, { policy = true } = {}): Promise<void> {
  const inner = join(folder, name, 'assembly-production')
  await mkdir(inner, { recursive: true })
  await mkdir(join(folder, name, 'asset.1'))
  const write = (path: string, value: unknown) => writeFile(join(folder, name, path), JSON.stringify(value))
  await write('manifest.json', {
    artifacts: { stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-production' } } },
  })
  const properties = { templateFile: 'db.template.json', stackName: 'neonpro-database', terminationProtection: true }
  await write('assembly-production/manifest.json', {
    artifacts: {
      db: { type: 'aws:cloudformation:stack', environment: 'aws://1/sa-east-1', properties },
      assets: { type: 'cdk:asset-manifest', properties: { file: 'db.assets.json' } },
    },
  })
  const Db = { Type: 'AWS::RDS::DBInstance', Properties: { BackupRetentionPeriod } }
  await write('assembly-production/db.template.json', { Resources: { Db } })
  await write('assembly-production/db.assets.json', {
    files: policy ? { layer: { source: { path: '../asset.1' } } } : {},
  })
  await write('asset.1/policy.json', { environment: 'production', objectives: { rpo: { patientMinutes: 5 } } })
}

const diff = (...args: readonly string[]) =>
  recovery('posture', 'diff', ...args.map((arg) => (arg.startsWith('--') ? arg : join(folder, arg))))

it('names what is weaker, and fails', async () => {
  const { code, out } = await diff('old', 'new')
  expect(code).toBe(1)
  expect(out).toContain(
    'WEAKER   retention: days of point-in-time recovery of neonpro-database/Db (BackupRetentionPeriod): 35 -> 14',
  )
  expect(out).toContain('1 of 1 weaker without a change record')
})

it('passes where nothing is weaker, and where a record covers it', async () => {
  expect(await diff('new', 'old')).toMatchObject({ code: 0, out: 'protection is nowhere weaker\n' })
  const covered = await diff('old', 'new', '--json', '--record', 'record.json')
  expect(covered.code).toBe(0)
  expect(JSON.parse(covered.out)).toMatchObject({ verdict: 'pass', weakenings: [{ coveredBy: 'change-12' }] })
  expect(await diff('old', 'new', '--records=' + join(folder, 'records'))).toMatchObject({ code: 0 })
})

it('writes a comment for a pull request', async () => {
  const { out } = await diff('old', 'new', '--markdown')
  expect(out).toContain(
    '| retention: days of point-in-time recovery | `neonpro-database/Db` `BackupRetentionPeriod` | `35` | `14` | **nothing** |',
  )
})

it.each([
  ['a folder that holds no assembly', ['old', 'nowhere'], 'nowhere/manifest.json'],
  ['a record that is no record', ['old', 'new', '--record', 'old/manifest.json'], 'is refused'],
  ['a record of an owner whom nobody knows', ['old', 'new', '--record', 'of-nobody.json'], 'owner: one of DevOps Lead'],
  ['an older assembly that deploys no policy', ['bare', 'new'], 'carries no policy'],
  ['a newer assembly that deploys no policy', ['old', 'bare'], 'carries no policy'],
  ['a record that is not there', ['old', 'new', '--record', 'none.json'], 'cannot be read'],
])('refuses %s', async (_, args, message) => {
  const { code, err } = await diff(...args)
  expect(code).toBe(1)
  expect(err).toContain(message)
})

it('shows what can be turned off, and what is lost by it', async () => {
  const { code, out } = await recovery('posture', 'switches')
  expect(code).toBe(0)
  expect(out).toContain('on         standby in a second zone\n           off by database.multiAz: false\n')
  expect(out).toContain('3 of 3 on  lock of a vault')
  const json = await recovery('posture', 'switches', '--json', '--environment', 'test')
  expect(JSON.parse(json.out)).toMatchObject({
    environment: 'test',
    switches: expect.arrayContaining([
      expect.objectContaining({ path: 'mechanisms.delayedReplica', on: 0, places: 1 }),
    ]),
  })
})
