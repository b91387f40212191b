import type { EvidenceRecord } from '../../../core/evidence/record'
import type { Json } from '../../../core/json'
import { objectiveCode } from '../../../core/measurement'
import type { Policy } from '../../../core/policy'
import { DAILY_CHECKS } from '../../../core/verification/daily/judges'

/** What each drill judges, as far as a control asks for it. */
const JUDGED: Readonly<Record<string, readonly string[]>> = {
  'database-failure': ['RTO of critical services, seconds'],
  'regional-outage': [
    'RTO of critical services, seconds',
    'RPO of patient data, seconds',
    'RPO of critical data, seconds',
    'RPO of configuration, seconds',
    'RPO of static assets, seconds',
    'content of the recovered data',
    'people erased late whose identity came back',
    'consents withdrawn late that hold again',
    'login revoked late, in the recovered database',
    'settings that the recovery region could not open by its own key alone',
    'clients without TLS, with an older one or another authority, that got in',
  ],
  'data-corruption': [
    'people erased late whose identity came back',
    'consents withdrawn late that hold again',
    'login revoked late, in the recovered database',
  ],
  'security-incident': [
    'stolen account in the recovered database',
    'ways in that an old secret still opens',
    'list of later writes',
    'lost writes from before the clean point, on no list',
    'rows that the attacker deleted, on no list',
  ],
  'compliance-violation': ['violations left in the account'],
  'deployment-failure': [
    ...['full', 'partial', 'config-only'].flatMap((type) => [
      `${type} rollback`,
      `downtime of clients since a ${type} rollback was applied, seconds`,
      `${type} rollback at production's pace, seconds`,
    ]),
    'data after the full rollback',
    'version that the program says it is',
  ],
  'weekly-restores': [
    'weeks that are red without a reason, or green in spite of one',
    'copies that a restore left behind',
    'restores without a record',
  ],
  'full-dr': [
    'RTO of critical services, seconds',
    'RTO of the full system, seconds',
    'RTO of data recovery, seconds',
    'RTO of compliance validation, seconds',
  ],
}

const DAY_MS = 86_400_000

/** A record of the environment, as a drill of a day ago left it. */
export function recordOf(
  { environment }: Pick<Policy, 'environment'>,
  now: Date,
  changes: Partial<EvidenceRecord>,
): EvidenceRecord {
  const at = new Date(now.getTime() - DAY_MS).toISOString()
  return {
    id: `ev-${changes.kind ?? 'x'}-${changes.subject ?? 'x'}-${changes.region ?? ''}`,
    sequence: 0,
    kind: 'drill',
    subject: 'none',
    environment,
    region: 'eu-west-1',
    writer: 'drill',
    policyHash: '0'.repeat(64),
    startedAt: at,
    finishedAt: at,
    outcome: 'succeeded',
    measurements: {},
    artefacts: [],
    controls: [],
    actor: 'drill',
    previousHash: '0'.repeat(64),
    hash: '0'.repeat(64),
    ...changes,
  }
}

/** Evidence of every drill, verification and review, in which everything held. */
export function wholeEvidence(policy: Policy, now: Date): EvidenceRecord[] {
  const passed = { target: 0, measured: 0, met: true }
  const own: Readonly<Record<string, Readonly<Record<string, Json>>>> = {
    'security-incident': {
      compliance: { noticeDue: new Date(now.getTime() + 3 * DAY_MS).toISOString().slice(0, 10) },
    },
    'weekly-restores': { planted: { '2': 'segment-missing', '3': 'page-damaged' } },
  }
  const drills = Object.entries(JUDGED).map(([subject, names]) =>
    recordOf(policy, now, {
      subject,
      measurements: {
        ...own[subject],
        objectives: Object.fromEntries(names.map((name) => [objectiveCode(name), passed])),
      },
    }),
  )
  const checks = Object.fromEntries(Object.keys(DAILY_CHECKS).map((name) => [name, 'pass']))
  const daily = Object.values(policy.topology.regions).map((region) =>
    recordOf(policy, now, { kind: 'daily-verification', subject: 'backups', region, measurements: { checks } }),
  )
  return [
    ...drills,
    ...daily,
    recordOf(policy, now, { kind: 'weekly-restore', subject: 'latest', measurements: { checks: { content: 'pass' } } }),
    recordOf(policy, now, {
      kind: 'access-review',
      subject: 'access-review',
      measurements: { ROOT_WITHOUT_MFA: 0, USER_WITHOUT_MFA: 0, ROOT_HAS_KEYS: 0 },
    }),
    recordOf(policy, now, { kind: 'archive-read-back', subject: 'phi-dump', measurements: { part: 'dump' } }),
    recordOf(policy, now, { kind: 'compliance-validation', subject: policy.environment }),
  ]
}
