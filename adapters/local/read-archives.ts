import { dirname, join } from 'node:path'
import { classesWithTables } from '../../core/archive/classes'
import { READ_BACK, readBack, type ArchivePart, type ReadBackPart } from '../../core/archive/read-back'
import { contentHash, EvidenceChain, writeCheckpoint } from '../../core/evidence'
import type { Policy } from '../../core/policy'
import { systemClock } from './clock'
import { RegionFolder, regionsOf } from './daily-world'
import { FolderWriteOnceStore } from './folder-write-once-store'
import { independentReaders } from './independent-readers'
import { KeyFileSigner } from './key-file-signer'

export interface ReadArchive {
  readonly region: string
  readonly parts: readonly ReadBackPart[]
}

/** Reads back what rehearsals left in the archive of each region; each reading is covered by a signed checkpoint. */
export async function readArchives(
  policy: Policy,
  wanted: { readonly root: string; readonly evidence: string; readonly client: string },
  parts: readonly ArchivePart[],
): Promise<ReadArchive[]> {
  const store = new FolderWriteOnceStore(wanted.evidence)
  const read: ReadArchive[] = []
  for (const region of regionsOf(policy)) {
    const chain = new EvidenceChain(store, {
      region,
      writer: READ_BACK,
      environment: policy.environment,
      policyHash: contentHash(policy),
    })
    const found = await readBack({
      archive: new RegionFolder(wanted.root, region).archive,
      readers: independentReaders(wanted.client),
      evidence: chain,
      clock: systemClock,
      classes: classesWithTables(policy),
      parts,
    })
    read.push({ region, parts: found })
    const signer = await KeyFileSigner.open(join(dirname(wanted.evidence), 'keys'), region)
    await writeCheckpoint({ store, signer, clock: systemClock, chain, others: [], reason: 'runbook' })
  }
  return read
}
