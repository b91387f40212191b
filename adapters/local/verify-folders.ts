import { dirname, join } from 'node:path'
import { writeCheckpoint } from '../../core/evidence'
import type { Policy } from '../../core/policy'
import type { Clock } from '../../core/ports/clock'
import type { DailyVerdict } from '../../core/verification/daily/judges'
import { verifyDay } from '../../core/verification/daily/verify'
import { systemClock } from './clock'
import { localDay, RegionFolder, regionsOf } from './daily-world'
import { FolderWriteOnceStore } from './folder-write-once-store'
import { KeyFileSigner } from './key-file-signer'

/** The daily checks over what rehearsals left in folders, a folder for each region; each run is covered by a signed checkpoint. */
export async function verifyFolders(
  policy: Policy,
  root: string,
  evidence: string,
  clock: Clock = systemClock,
): Promise<DailyVerdict[]> {
  const verdicts: DailyVerdict[] = []
  for (const [at, region] of regionsOf(policy).entries()) {
    const folder = new RegionFolder(root, region)
    const { chain, ...world } = await localDay(folder, policy, at === 0 ? 'primary' : 'recovery', clock, evidence)
    verdicts.push(await verifyDay({ ...world, evidence: chain }))
    const signer = await KeyFileSigner.open(join(dirname(evidence), 'keys'), region)
    const store = new FolderWriteOnceStore(evidence)
    await writeCheckpoint({ store, signer, clock, chain, others: [], reason: 'runbook' })
  }
  return verdicts
}
