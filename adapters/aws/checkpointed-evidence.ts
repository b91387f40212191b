import { EvidenceChain, writeCheckpoint } from '../../core/evidence'
import type { EvidenceIdentity, OtherChain } from '../../core/evidence'
import type { Clock } from '../../core/ports/clock'
import type { EvidenceLog } from '../../core/ports/evidence-log'
import type { Signer, WriteOnceStore } from '../../core/ports/write-once-store'

/** The evidence log of a runbook: a record counts as appended once a signed checkpoint covers it. */
export function checkpointedEvidence(
  store: WriteOnceStore,
  signer: Signer,
  clock: Clock,
  identity: EvidenceIdentity,
  others: readonly OtherChain[],
): EvidenceLog {
  const chain = new EvidenceChain(store, identity)
  return {
    append: async (draft) => {
      const record = await chain.append(draft)
      await writeCheckpoint({ store, signer, clock, chain, others, reason: 'runbook' })
      return record
    },
  }
}
