import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FolderRecoveryPoints } from '../../../adapters/local/folder-recovery-points'
import type { DataHolder } from '../../../core/ports/recovery-points'
import { describeRecoveryPoints } from '../../contracts/recovery-points'

const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

describeRecoveryPoints('folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'neonpro-vaults-'))
  folders.push(folder)
  const points = new FolderRecoveryPoints(folder, 'sa-east-1', 3)
  const known: DataHolder[] = []
  return {
    points,
    morePoints: 8,
    vault: (kind, vault) => points.makeVault(kind, vault),
    keep: async (kind, kept) => {
      for (const point of kept) await points.keep(kind, point)
    },
    holder: async (holder) => {
      known.push(holder)
      await points.knowDatabases(known)
    },
  }
})
