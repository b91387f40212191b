import type { Stage } from 'aws-cdk-lib'
import type { Policy } from '../../core/policy'
import { GLOBAL_SERVICES_REGION } from '../../core/policy/flows'
import { mostDaysIn } from '../../core/policy/retention'
import { findings, sensitiveCalls } from '../alarms/security'
import { backupControls } from '../backup-controls'
import type { AuditTrailProps } from '../constructs/audit-trail'
import { Names, type DataRegionRole } from '../names'
import { postureRules } from '../posture-rules'
import { AuditStack } from '../stacks/audit-stack'
import { GovernanceStack } from '../stacks/governance-stack'
import type { Foundation } from './foundation'
import type { Region } from './region'

/** What watches a data region, and where its findings are kept. */
export function governance(region: Region<DataRegionRole>, base: Foundation): void {
  const { names, role, policy } = region
  const audit = auditOf(region, base)
  const { detector, recorder, backupAudit } = policy.governance
  const stack = new GovernanceStack(region.stage, `governance-${role}`, {
    ...region.stack('governance'),
    ...(detector.mode === 'create' && { detectorFeatures: detector.features }),
    ...(recorder.mode === 'create' && {
      recorder: {
        name: names.recorder(),
        roleName: names.role('recorder', role),
        bucketName: names.bucket('audit', role),
        key: base.keys.key('audit'),
        globalResources: role === names.auditRole,
      },
    }),
    judges: { names, rules: postureRules(policy, names, role) },
    ...(backupAudit.mode === 'create' && {
      backupAudit: {
        name: names.backupFramework(),
        controls: backupControls(policy, names, role),
        bucketName: names.bucket('audit', role),
      },
    }),
  })
  // By their names alone they would be deployed in any order, and AWS Config tries the bucket first.
  stack.addStackDependency(audit)
}

/** The witness holds a table that decides and a key, so somebody has to look there too. */
export function witnessGovernance(region: Region<'witness'>): void {
  const { names, policy } = region
  const { detector } = policy.governance
  new GovernanceStack(region.stage, 'governance-witness', {
    ...region.stack('governance'),
    ...(detector.mode === 'create' && { detectorFeatures: detector.features }),
    forwarding: {
      names,
      rules: [findings(region), ...sensitiveCalls(region)],
      busArn: names.eventBusArn(names.auditRole),
      roleName: names.role('call-forwarding', 'witness'),
    },
  })
}

/**
 * Calls of IAM and Route 53, which are called and recorded in us-east-1 only
 * (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html).
 */
export function globalCalls(stage: Stage, policy: Policy): void {
  const names = new Names(policy)
  // A region of the topology hands its calls on by itself.
  if (names.roles.some((role) => names.region(role) === GLOBAL_SERVICES_REGION)) return
  new GovernanceStack(stage, `governance-${GLOBAL_SERVICES_REGION}`, {
    stackName: names.stack('governance', GLOBAL_SERVICES_REGION),
    env: { account: names.accountId, region: GLOBAL_SERVICES_REGION },
    terminationProtection: true,
    forwarding: {
      names,
      rules: sensitiveCalls({ names, policy }),
      busArn: names.eventBusArn(names.auditRole),
      roleName: names.role('call-forwarding', GLOBAL_SERVICES_REGION),
    },
  })
}

function auditOf(region: Region<DataRegionRole>, base: Foundation): AuditStack {
  const { names, role, policy } = region
  const { backupAudit } = policy.governance
  return new AuditStack(region.stage, `audit-${role}`, {
    ...region.stack('audit'),
    bucket: {
      bucketName: names.bucket('audit', role),
      key: base.keys.key('audit'),
      accessLogs: base.accessLogs,
      retentionDays: retentionDaysOf(region),
      ...(backupAudit.mode === 'create' && { reportsRoleArn: names.backupReportsRoleArn() }),
    },
    // The other region is deployed after it, as it is for what it copies there.
    reportsRole: backupAudit.mode === 'create' && role === names.auditRole ? backupAudit.reportsRole : 'existing',
    ...(policy.governance.trail.mode === 'create' &&
      role === names.auditRole && { trail: trailOf(region, base, policy.governance.trail) }),
  })
}

function trailOf(
  region: Region<DataRegionRole>,
  { keys, accessLogs }: Foundation,
  trail: Extract<Region['policy']['governance']['trail'], { mode: 'create' }>,
): AuditTrailProps {
  const { names, role } = region
  return {
    trailName: names.trail(),
    trailArn: names.trailArn(),
    bucket: { bucketName: names.bucket('trail', role), accessLogs, lock: trail.lock, days: retentionDaysOf(region) },
    key: keys.key('audit'),
    logGroupName: names.trailLog(),
    logKey: keys.key('operations'),
    logRetention: region.logRetention,
    logRoleName: names.role('trail-log', role),
    recordedBuckets: trail.dataEvents.flatMap((kind) =>
      (kind === 'evidence' ? names.roles : names.dataRoles).map((of) => names.bucketArn(kind, of)),
    ),
  }
}

/** What the account did is operational data. */
const retentionDaysOf = ({ policy }: Region): number => mostDaysIn(policy.dataClasses.operational.retentionYears)
