import { join } from 'node:path'
import { contentHash, EvidenceChain, sha256, writeCheckpoint } from '../../core/evidence'
import type { Actor, OperatorWorld } from '../../core/operator'
import type { Policy } from '../../core/policy'
import type { EvidenceLog } from '../../core/ports/evidence-log'
import { systemClock } from './clock'
import { FolderWriteOnceStore } from './folder-write-once-store'
import { KeyFileSigner } from './key-file-signer'
import { sharedFolderStore } from './shared-folder-store'

/**
 * The world of an operator on this machine, below one folder: both coordination stores, and a chain of evidence that is
 * signed after each record.
 */
export async function localOperator(folder: string, policy: Policy, actor: Actor): Promise<OperatorWorld> {
  const [recovery, witness] = await Promise.all(
    ['recovery', 'witness'].map((place) => sharedFolderStore(join(folder, 'coordination', place))),
  )
  return {
    policy,
    places: { recovery: recovery!, witness: witness! },
    evidence: await signedEvidence(folder, policy),
    clock: systemClock,
    actor,
  }
}

async function signedEvidence(folder: string, policy: Policy): Promise<EvidenceLog> {
  const region = policy.topology.regions.primary
  const store = new FolderWriteOnceStore(join(folder, 'evidence'))
  const signer = await KeyFileSigner.open(join(folder, 'keys'), region)
  const identity = { region, writer: 'operator', environment: policy.environment, policyHash: contentHash(policy) }
  const chain = new EvidenceChain(store, identity)
  return {
    append: async (draft) => {
      const record = await chain.append(draft)
      await writeCheckpoint({ store, signer, clock: systemClock, chain, others: [], reason: 'runbook' })
      return record
    },
  }
}

/** Somebody on this machine, as `role/name`: nothing proves who they are, which is why it holds for rehearsals alone. */
export function localActor(text: string): Actor | undefined {
  const [role, name, ...more] = text.split('/').map((part) => part.trim())
  return role && name && more.length === 0 ? { role, person: sha256(`local/${name}`).slice(0, 12) } : undefined
}
