import type { Json } from '../json'
import type { EvidenceLog } from '../ports/evidence-log'
import { healthOf, type HealthSight } from './health-of'
import type { HealthVerdict } from './judges'
import { HEALTH_CHECK } from './record-kind'

/** Findings that go into one record; how many there are in all stands beside them. */
const MOST_RECORDED = 50

export interface HealthWorld extends HealthSight {
  readonly evidence: EvidenceLog
}

/** One look, and the record of it: codes, names of our own things and durations, nothing of what the platform holds. */
export async function checkHealth(world: HealthWorld): Promise<HealthVerdict> {
  const startedAt = world.clock.now().toISOString()
  const verdict = await healthOf(world)
  const findings = verdict.checks.flatMap(({ findings: all }) => all)
  const measurements: Record<string, Json> = {
    verdict: verdict.verdict,
    serving: verdict.serving,
    checks: Object.fromEntries(verdict.checks.map(({ check, verdict: of }) => [check, of])),
    unseen: Object.fromEntries(
      verdict.checks.filter(({ unseen }) => unseen.length > 0).map(({ check, unseen }) => [check, [...unseen]]),
    ),
    findings: findings.slice(0, MOST_RECORDED).map(({ code, subject, detail }) => ({ code, subject, detail })),
    findingsTotal: findings.length,
  }
  await world.evidence.append({
    key: `${HEALTH_CHECK}/${verdict.region}/${startedAt}`,
    kind: HEALTH_CHECK,
    subject: 'platform',
    startedAt,
    finishedAt: verdict.at,
    outcome: OUTCOME[verdict.verdict],
    measurements,
    artefacts: [],
    controls: [],
    actor: HEALTH_CHECK,
  })
  return verdict
}

const OUTCOME = { healthy: 'succeeded', degraded: 'succeeded', unhealthy: 'failed', unknown: 'inconclusive' } as const
