import { MemoryWorld } from '../../../adapters/memory/world'
import type { Finding } from '../../../core/compliance/find'
import { FINDING_CODES, type FindingCode } from '../../../core/compliance/finding-kinds'
import type { Protection } from '../../../core/ports/compliance'
import type { RemediationInput } from '../../../core/runbook/compliance-remediation/input'
import { resolveRemediation } from '../../../core/runbook/compliance-remediation/resolve'
import type { NewRun } from '../../../core/runbook/reducer'
import { resolvePolicy } from '../../../policy'

export const policy = resolvePolicy('test')
const region = 'sa-east-1'
const DATABASE_KEY = 'alias/clinic/database'

/** One violation of each code: what is declared, and what somebody made of it. Undefined: gone. */
export const VIOLATIONS: Readonly<Record<FindingCode, readonly [declared: Protection, found: Protection | undefined]>> =
  {
    'bucket-public': violated(
      { kind: 'bucket', region, name: 'assets', refusesPublic: true, ends: {} },
      { refusesPublic: false },
    ),
    'copy-unencrypted': violated({ kind: 'copy', region, name: 'by-hand', key: DATABASE_KEY }, { key: null }),
    'lock-removed': violated(
      { kind: 'vault', region, name: 'snapshots', lock: { minDays: 90, maxDays: 400 } },
      { lock: null },
    ),
    'deletion-protection-off': violated(
      { kind: 'database', region, name: 'clinic-g1', refusesDeletion: true },
      { refusesDeletion: false },
    ),
    'trail-stopped': violated({ kind: 'trail', region, name: 'trail', records: true }, { records: false }),
    'log-retention-shortened': violated(
      { kind: 'log-group', region, name: '/aws/lambda/guard', keepsDays: 731 },
      { keepsDays: 1 },
    ),
    'selection-removed': [
      {
        kind: 'backup-selection',
        region,
        name: 'database/ByTag',
        plan: 'database',
        role: 'backup-database',
        resources: [],
        tags: [{ key: 'recovery:backup-plan', value: 'writer' }],
      },
      undefined,
    ],
    'plan-retention-shortened': violated(
      { kind: 'backup-plan', region, name: 'database', keepsDays: { daily: 90, continuous: 35 } },
      { keepsDays: { daily: 7, continuous: 35 } },
    ),
    'bucket-retention-shortened': violated(
      { kind: 'bucket', region, name: 'archive', refusesPublic: true, ends: { 'staging/*': { objectDays: 14 } } },
      { ends: { '*': { objectDays: 1 }, 'staging/*': { objectDays: 14 } } },
    ),
    'key-rotation-off': violated(
      { kind: 'key', region, name: 'alias/clinic/database', rotates: true },
      { rotates: false },
    ),
  }

function violated<K extends Protection['kind']>(
  declared: Extract<Protection, { kind: K }> & { kind: K },
  change: Partial<Extract<Protection, { kind: K }>>,
): readonly [Protection, Protection] {
  return [declared, { ...declared, ...change }]
}

export const findingOf = (code: FindingCode): Finding => ({ code, declared: VIOLATIONS[code][0] })

/** A remediation as the policy wants it, by somebody who is not the one who approves. */
export const remediation = (
  codes: readonly FindingCode[] = FINDING_CODES,
  change: Partial<RemediationInput> = {},
): NewRun<RemediationInput> => ({
  runId: 'run-1',
  mode: 'real',
  startedBy: 'operator',
  input: {
    ...resolveRemediation(policy, {
      incidentId: 'incident-1',
      reasonCode: 'COMPLIANCE_VIOLATION',
      region,
      findings: codes.map(findingOf),
      operation: 'automatic',
    }),
    ...change,
  },
})

/** A world whose account has these violations. */
export async function violatedWorld(codes: readonly FindingCode[] = FINDING_CODES): Promise<MemoryWorld> {
  const around = await new MemoryWorld({ lease: policy.pace.lease, promotionSeconds: 0, ttlSeconds: 1 }).start()
  for (const code of codes) {
    const [declared, found] = VIOLATIONS[code]
    if (found) around.account.put(found)
    else around.account.remove(declared)
  }
  around.account.declared = { protections: codes.map((code) => VIOLATIONS[code][0]), keyOfCopies: DATABASE_KEY }
  return around
}
