import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RegionFolder } from '../../adapters/local/daily-world'
import { withRecoveryRegion } from '../../core/policy'
import { unopened } from '../../drills/backup-day/backups'
import { backupDay } from '../../drills/backup-day'
import { resolvePolicy } from '../../policy'
import { recovery } from '../cli/recovery'
import { withFreePorts } from '../setup/free-ports'

const policy = withRecoveryRegion(resolvePolicy('test'))
const { regions } = policy.topology
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'neonpro-backup-day-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('the backups of a night pass every daily check once they have arrived, and each opens in its region', async () => {
  const result = await withFreePorts(() => backupDay({ policy, rows: 100, folder }, { emit: () => undefined }))
  expect(result.objectives.filter(({ met }) => !met)).toEqual([])
  expect(result.verdict).toBe('pass')
  expect(
    await recovery('evidence', 'verify', '--folder', join(folder, 'evidence'), '--keys', join(folder, 'keys')),
  ).toMatchObject({ code: 0 })

  const region = new RegionFolder(join(folder, 'backups'), regions.recovery)
  expect(await unopened(region, ['copies'])).toBe(0)
  const sealed = join(folder, 'backups', regions.recovery, 'sealed', 'copies')
  writeFileSync(join(sealed, readdirSync(sealed)[0]!), '{}')
  expect(await unopened(region, ['copies'])).toBe(1)
}, 240_000)
