import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchClient } from '../../adapters/local/postgres-client-package'
import { withRecoveryRegion } from '../../core/policy'
import { weeklyRestores } from '../../drills/weekly-restores'
import { calmPolicy } from '../setup/calm-policy'
import { recovery } from '../cli/recovery'
import { withFreePorts } from '../setup/free-ports'

const policy = withRecoveryRegion(calmPolicy())
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'neonpro-weekly-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const season = (planted: Parameters<typeof weeklyRestores>[0]['planted'], weeks: number) =>
  withFreePorts(() => weeklyRestores({ policy, rows: 100, weeks, planted, folder }, { emit: () => undefined }))

beforeAll(() => fetchClient(), 120_000)

it('weeks are green, each planted failure and each missed week red, and every restore leaves a record', async () => {
  const result = await season({ 2: 'page-damaged', 3: 'dump-damaged', 4: 'segment-missing', 5: 'not-carried-out' }, 6)
  expect(result.weeks.map(({ state }) => state)).toEqual(['green', 'red', 'red', 'red', 'red', 'green'])
  expect(result.weeks.map(({ why }) => why)).toEqual([
    'ALL_CHECKS_PASSED',
    expect.stringMatching(/^latest\//),
    'dump/BYTES_DIFFER',
    'latest/LOG_HAS_A_GAP',
    'latest+older+dump/NOT_CARRIED_OUT',
    'ALL_CHECKS_PASSED',
  ])
  expect(result.verdict).toBe('pass')
  const chain = join(folder, 'evidence', 'records', policy.topology.regions.recovery, 'drill')
  const records = readdirSync(chain).map(
    (file) => JSON.parse(readFileSync(join(chain, file), 'utf8')) as Record<string, unknown>,
  )
  const restores = records.filter(({ kind }) => kind === 'weekly-restore')
  expect(restores).toHaveLength(15)
  const passed = restores.filter(({ outcome }) => outcome === 'succeeded')
  expect(passed.map(({ subject }) => String(subject)).toSorted()).toEqual([
    // Of the two whole weeks, and of those in which only the history or only the dump was damaged.
    ...Array.from({ length: 4 }, () => 'dump'),
    ...Array.from({ length: 3 }, () => 'latest'),
    ...Array.from({ length: 3 }, () => 'older'),
  ])
  for (const { measurements } of restores.filter(({ subject }) => subject !== 'dump'))
    expect(measurements).toMatchObject({ checks: { removed: 'pass' } })
  // Each copy that was sound went on as the next minor version of what production runs, and was sound then.
  for (const { measurements } of passed.filter(({ subject }) => subject !== 'dump'))
    expect(measurements).toMatchObject({
      checks: { patch: 'pass' },
      details: { patch: { from: policy.database.engineVersion, wanting: [] } },
    })
  expect(
    await recovery('evidence', 'verify', '--folder', join(folder, 'evidence'), '--keys', join(folder, 'keys')),
  ).toMatchObject({ code: 0 })
}, 600_000)
