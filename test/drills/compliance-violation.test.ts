import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { readAssembly } from '../../adapters/local/assembly-folder'
import { MemoryAccount } from '../../adapters/memory/account'
import { declaredAt } from '../../core/compliance/declared'
import { FINDING_CODES, kindOf, type FindingCode } from '../../core/compliance/finding-kinds'
import { sha256 } from '../../core/evidence'
import { heldDrills } from '../../core/drills/held-drills'
import { FolderWriteOnceStore } from '../../adapters/local/folder-write-once-store'
import type { DrillResult } from '../../core/measurement'
import { withRecoveryRegion } from '../../core/policy'
import { complianceViolation } from '../../drills/compliance-violation'
import { chooseThings, plantInTemplates } from '../../drills/compliance-violation/planted-violations'
import { featureFlags } from '../../lib/feature-flags'
import { resolvePolicy } from '../../policy'
import { recovery } from '../cli/recovery'
import { stageIn } from '../lib/synth'

const policy = withRecoveryRegion(resolvePolicy('production'))
let assembly: string
let folder: string

beforeAll(async () => {
  assembly = await mkdtemp(join(tmpdir(), 'assembly-'))
  const app = new App({ context: featureFlags(), analyticsReporting: false, outdir: assembly })
  stageIn(app, policy)
  app.synth()
}, 120_000)
afterAll(() => rm(assembly, { recursive: true }))
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'violation-'))
})
afterEach(async () => {
  jest.restoreAllMocks()
  await rm(folder, { recursive: true })
})

const drill = (violations: readonly FindingCode[] = FINDING_CODES): Promise<DrillResult> =>
  complianceViolation({ policy, violations, folder, assembly }, { emit: () => undefined })
const missed = ({ objectives }: DrillResult) => objectives.filter(({ met }) => !met).map(({ name }) => name)

test('every violation is named, found, remedied and validated in time, and everybody learns of it', async () => {
  const result = await drill()
  expect(missed(result)).toEqual([])
  expect(result.verdict).toBe('pass')
  expect(result.measurements.validatedSeconds).toBeGreaterThan(result.measurements.detectSeconds ?? Infinity)
  expect(result.measurements).toMatchObject({ outageSeconds: null, rpoSeconds: null, lost: null })

  const page = await readFile(result.report!, 'utf8')
  for (const code of FINDING_CODES) {
    const { title, titulo } = kindOf(code)
    for (const said of [code, title, titulo]) expect(page).toContain(said)
  }
  expect(page).toContain('aprovado')
  expect(page).toContain('recovery drill close')
  expect(page).not.toContain('✗')
  const [document] = result.evidence.flatMap(({ artefacts }) => artefacts)
  const text = await readFile(document!.path, 'utf8')
  expect(sha256(text)).toBe(document?.sha256)
  expect(text).toContain(result.lessons?.drill)

  expect(await recovery('evidence', 'verify', '--folder', join(folder, 'evidence'))).toMatchObject({ code: 0 })
  expect(await heldDrills(new FolderWriteOnceStore(join(folder, 'evidence')), policy)).toMatchObject([
    { drill: result.lessons?.drill, scenario: 'compliance-violation', outcome: 'succeeded', closed: false },
  ])
  const { out } = await recovery(
    'calendar',
    'tasks',
    '--target',
    'local',
    '--environment',
    'production',
    '--folder',
    folder,
    '--as',
    'a/b',
  )
  expect(out).toContain(`lessons-${result.lessons?.drill}`)
  expect(out).not.toContain('training-')
}, 120_000)

test('one violation alone leaves a revision of its section alone', async () => {
  const result = await drill(['key-rotation-off'])
  expect(result.verdict).toBe('pass')
  const [document] = result.evidence.flatMap(({ artefacts }) => artefacts)
  expect(await readFile(document!.path, 'utf8')).toContain('revision 1')
}, 60_000)

test('a remedy that does not help fails the drill', async () => {
  jest.spyOn(MemoryAccount.prototype, 'restore').mockResolvedValue('restored')
  const result = await drill(['trail-stopped'])
  expect(result.verdict).toBe('fail')
  expect(missed(result)).toEqual(
    expect.arrayContaining([
      'end of the runbook',
      'violations left in the account',
      'from planting to validation, seconds',
    ]),
  )
}, 60_000)

test('a violation that nobody finds fails the drill', async () => {
  const real = MemoryAccount.prototype.protectionOf
  jest.spyOn(MemoryAccount.prototype, 'protectionOf').mockImplementation(async function (this: MemoryAccount, thing) {
    const found = await real.call(this, thing)
    return found?.kind === 'trail' ? { ...found, records: true } : found
  })
  const result = await drill(['trail-stopped', 'key-rotation-off'])
  expect(result.verdict).toBe('fail')
  expect(missed(result)).toContain('planted violations that were not found in the account')

  const blind = await drill(['trail-stopped'])
  expect(blind).toMatchObject({ verdict: 'fail', measurements: { validatedSeconds: null } })
  expect(missed(blind)).toEqual(expect.arrayContaining(['end of the runbook', 'from planting to validation, seconds']))
}, 60_000)

test('a comparison of postures that is blind to a violation fails the drill', async () => {
  const options = { policy, violations: ['trail-stopped' as const], folder, assembly }
  expect(missed(await complianceViolation(options, { emit: () => undefined }, () => []))).toEqual([
    'planted violations that the comparison of postures did not name',
  ])
}, 60_000)

test('what is planted in the copy leaves the assembly as it was', async () => {
  const declared = declaredAt(await readAssembly(assembly))
  const copy = join(folder, 'copy')
  await plantInTemplates(assembly, copy, chooseThings(FINDING_CODES, declared))
  expect(declaredAt(await readAssembly(assembly))).toEqual(declared)
  expect(declaredAt(await readAssembly(copy))).not.toEqual(declared)
}, 60_000)
