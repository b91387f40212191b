import { EvidenceChain } from '../../../core/evidence'
import type { WriteOnceStore } from '../../../core/ports/write-once-store'

/** A record as the daily look at the backups of a region leaves one. */
export async function recordDailyLook(
  store: WriteOnceStore,
  region: string,
  outcome: 'succeeded' | 'failed' | 'inconclusive' | 'stopped',
  at: Date,
): Promise<void> {
  const writer = 'daily-verification'
  const chain = new EvidenceChain(store, { region, writer, environment: 'test', policyHash: 'f'.repeat(64) })
  const finishedAt = at.toISOString()
  await chain.append({
    key: `${writer}/${region}/${finishedAt}/${outcome}`,
    kind: writer,
    subject: 'backups',
    startedAt: finishedAt,
    finishedAt,
    outcome,
    measurements: {},
    artefacts: [],
    controls: [],
    actor: writer,
  })
}
