import { contentHash } from '../evidence/hash'
import type { EvidenceDraft } from '../ports/evidence-log'
import { releaseJson, type Release } from './release'

/** What a record of a release leaves in the evidence: its hash, and what names it. */
export const releaseEvidence = (release: Release): EvidenceDraft => ({
  key: `release/${release.environment}/${release.sequence}`,
  kind: 'release-recorded',
  subject: 'release',
  startedAt: release.recordedAt,
  finishedAt: release.recordedAt,
  outcome: 'succeeded',
  measurements: {
    environment: release.environment,
    sequence: release.sequence,
    tag: release.tag,
    commit: release.commit ?? null,
    health: release.health,
    components: Object.keys(release.components).length,
    recoveryPoint: release.recoveryPoint,
    restores: release.restores ?? null,
  },
  artefacts: [{ name: `release-${release.sequence}`, sha256: contentHash(releaseJson(release)) }],
  controls: [],
  actor: release.actor,
})
