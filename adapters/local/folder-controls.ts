import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { complianceSeen } from '../../core/compliance/validation/compliance-after'
import type { EvidenceAtHand } from '../../core/compliance/validation/evidence-at-hand'
import { validateCompliance, type Validation } from '../../core/compliance/validation/validate'
import { verifyEvidence } from '../../core/evidence'
import type { EvidenceRecord } from '../../core/evidence/record'
import { recordsIn } from '../../core/evidence/records'
import type { Policy } from '../../core/policy'
import type { StackTemplate } from '../../core/posture/assembly'
import type { Clock } from '../../core/ports/clock'
import type { Controls } from '../../core/ports/controls'
import { readAssembly } from './assembly-folder'
import { systemClock } from './clock'
import { FolderWriteOnceStore } from './folder-write-once-store'
import { readPublicKeys } from './key-file-signer'

/** Where the evidence of rehearsals lies, and what was synthesized. */
export interface ControlsPlace {
  readonly policy: Policy
  /** Folder of the evidence and of the public keys. */
  readonly folder: string
  /** What `cdk synth` wrote; a folder that is not there shows no templates. */
  readonly assembly: string
  readonly clock?: Clock
}

/** Validates every control by what lies in folders. */
export const validateFolders = async (place: ControlsPlace): Promise<Validation> =>
  validateCompliance(await evidenceInFolders(place))

/** What lies in the folders, verified. */
export async function evidenceInFolders({
  policy,
  folder,
  assembly,
  clock = systemClock,
}: ControlsPlace): Promise<EvidenceAtHand> {
  const store = new FolderWriteOnceStore(join(folder, 'evidence'))
  const keys = await readPublicKeys(join(folder, 'keys'))
  const records: EvidenceRecord[] = []
  for await (const record of recordsIn(store)) records.push(record)
  return {
    policy,
    now: clock.now(),
    stacks: await templatesIn(assembly),
    records,
    chain: (await verifyEvidence({ copies: [{ name: folder, store }], keys })).verdict,
  }
}

/** The same as a runbook sees it. */
export const folderControls = (place: ControlsPlace): Controls => ({
  validate: async () => complianceSeen(await validateFolders(place)),
})

async function templatesIn(assembly: string): Promise<readonly StackTemplate[] | undefined> {
  const isThere = await stat(assembly).then(
    (found) => found.isDirectory(),
    () => false,
  )
  return isThere ? (await readAssembly(assembly)).stacks : undefined
}
