import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withRecoveryRegion } from '../../core/policy'
import { weeklyRestores } from '../../drills/weekly-restores'
import { resolvePolicy } from '../../policy'
import { recovery } from '../cli/recovery'
import { withFreePorts } from '../setup/free-ports'

const policy = withRecoveryRegion(resolvePolicy('test'))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'neonpro-weekly-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const season = (planted: Parameters<typeof weeklyRestores>[0]['planted'], weeks: number) =>
  withFreePorts(() => weeklyRestores({ policy, rows: 100, weeks, planted, folder }, { emit: () => undefined }))

it('weeks are green, each planted failure and each missed week red, and every restore leaves a record', async () => {
  const result = await season({ 2: 'page-damaged', 4: 'segment-missing', 5: 'not-carried-out' }, 6)
  expect(result.weeks.map(({ state }) => state)).toEqual(['green', 'red', 'green', 'red', 'red', 'green'])
  expect(result.verdict).toBe('pass')
  const chain = join(folder, 'evidence', 'records', policy.topology.regions.recovery, 'drill')
  const records = readdirSync(chain).map(
    (file) => JSON.parse(readFileSync(join(chain, file), 'utf8')) as Record<string, unknown>,
  )
  const restores = records.filter(({ kind }) => kind === 'weekly-restore')
  expect(restores).toHaveLength(10)
  expect(restores.filter(({ outcome }) => outcome === 'succeeded')).toHaveLength(6)
  for (const { measurements } of restores) expect(measurements).toMatchObject({ checks: { removed: 'pass' } })
  expect(
    await recovery('evidence', 'verify', '--folder', join(folder, 'evidence'), '--keys', join(folder, 'keys')),
  ).toMatchObject({ code: 0 })
}, 240_000)
