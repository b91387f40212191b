import { MemorySigner } from '../../../adapters/memory/signer'
import { EvidenceChain, writeCheckpoint, type OtherChain, type TrustedKey } from '../../../core/evidence'
import type { Clock } from '../../../core/ports/clock'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'
import type { Signer, WriteOnceStore } from '../../../core/ports/write-once-store'

export const clock: Clock = {
  now: () => new Date('2026-11-23T12:00:00.000Z'),
  monotonicMs: () => 0,
  sleep: async () => undefined,
}

export const draft = (key: string, change: Partial<EvidenceDraft> = {}): EvidenceDraft => ({
  key,
  kind: 'verification',
  subject: 'backup-daily',
  startedAt: '2026-11-23T11:00:00.000Z',
  finishedAt: '2026-11-23T11:00:04.250Z',
  outcome: 'succeeded',
  measurements: { seconds: 4.25, tables: { checked: 5, failed: 0 } },
  artefacts: [{ name: 'report', sha256: 'ab'.repeat(32) }],
  controls: ['RPO-CRITICAL'],
  actor: 'scheduler',
  ...change,
})

export const chainIn = (store: WriteOnceStore, region: string, writer = 'runbooks'): EvidenceChain =>
  new EvidenceChain(store, { region, writer, environment: 'test', policyHash: 'cd'.repeat(32) })

export const checkpoint = (store: WriteOnceStore, signer: Signer, region: string, others: readonly OtherChain[] = []) =>
  writeCheckpoint({ store, signer, clock, chain: chainIn(store, region), others, reason: 'runbook' })

export const signers = { 'sa-east-1': new MemorySigner('key-sa'), 'eu-west-1': new MemorySigner('key-eu') }

export const trusted = async (): Promise<TrustedKey[]> =>
  Promise.all(
    Object.entries(signers).map(async ([region, signer]) => ({
      region,
      keyId: signer.keyId,
      publicKey: await signer.publicKey(),
    })),
  )

export async function fill(store: WriteOnceStore, region: string, from: number, to: number): Promise<void> {
  const chain = chainIn(store, region)
  for (let at = from; at < to; at += 1) await chain.append(draft(`run-${at}`))
}
