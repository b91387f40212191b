import { join } from 'node:path'
import { FolderWriteOnceStore } from '../adapters/local/folder-write-once-store'
import { KeyFileSigner } from '../adapters/local/key-file-signer'
import { contentHash, EvidenceChain, writeCheckpoint } from '../core/evidence'
import type { DrillResult } from '../core/measurement'
import type { Policy } from '../core/policy'
import type { Clock } from '../core/ports/clock'
import type { EvidenceDraft } from '../core/ports/evidence-log'

const OUTCOMES = { pass: 'succeeded', fail: 'failed', inconclusive: 'inconclusive' } as const

/** The evidence of drills: one chain in a folder, continued by each drill. */
export interface DrillEvidence {
  readonly chain: EvidenceChain
  readonly policyHash: string
  /** Appends the drill's own record and covers it by a signed checkpoint. */
  record(
    verdict: DrillResult['verdict'],
    draft: Omit<EvidenceDraft, 'kind' | 'outcome' | 'actor' | 'finishedAt'>,
  ): Promise<{ readonly id: string; readonly sequence: number; readonly hash: string }>
}

/** Opens the chain and the signing key of the region in the folder, and makes them where there are none yet. */
export async function openDrillEvidence(
  folder: string,
  region: string,
  policy: Policy,
  clock: Clock,
): Promise<DrillEvidence> {
  const store = new FolderWriteOnceStore(join(folder, 'evidence'))
  const signer = await KeyFileSigner.open(join(folder, 'keys'), region)
  const policyHash = contentHash(policy)
  const chain = new EvidenceChain(store, { region, writer: 'drill', environment: policy.environment, policyHash })
  return {
    chain,
    policyHash,
    record: async (verdict, draft) => {
      const finishedAt = clock.now().toISOString()
      const record = await chain.append({
        ...draft,
        kind: 'drill',
        outcome: OUTCOMES[verdict],
        actor: 'drill',
        finishedAt,
      })
      await writeCheckpoint({ store, signer, clock, chain, others: [], reason: 'runbook' })
      return record
    },
  }
}
