import type { Stage } from 'aws-cdk-lib'
import { hasRecoveryRegion, type Policy } from '../../core/policy'
import { SWITCH_ALWAYS_PRESENT, SWITCH_TO_RECOVERY } from '../../lambda/contract'
import type { FailoverRecordProps, SwitchObject } from '../constructs/failover-record'
import { Names, ROUTE53_METRICS_REGION, type DataRegionRole } from '../names'
import { DnsStack } from '../stacks/dns-stack'
import { SwitchAlarmStack } from '../stacks/switch-alarm-stack'
import type { DeployedInstance } from './databases'
import { levelsOf } from './operations'
import type { Region } from './region'

/** The served name of the database, as far as this region answers for it. */
export function servedNames(region: Region<DataRegionRole>, serving: DeployedInstance): void {
  const { names, role, policy } = region
  new DnsStack(region.stage, `dns-${role}`, {
    ...region.stack('dns'),
    record: {
      hostedZoneId: policy.dns.hostedZoneId,
      name: names.servedName('database'),
      target: serving.resource.dbInstanceEndpointAddress,
      ttlSeconds: policy.pace.dns.ttlSeconds,
      side: sideOf(role, policy),
    },
  })
}

function sideOf(role: DataRegionRole, policy: Policy): FailoverRecordProps['side'] {
  if (!hasRecoveryRegion(policy)) return { kind: 'only' }
  if (role === 'recovery') return { kind: 'secondary' }
  return { kind: 'primary', switches: switchObjects(policy, SWITCH_TO_RECOVERY) }
}

/** Rings when a switch cannot be read; it stands where Route 53 publishes its metrics, and no failover needs it. */
export function switchAlarm(stage: Stage, policy: Policy): void {
  const names = new Names(policy)
  new SwitchAlarmStack(stage, 'switch-alarm', {
    stackName: names.stack('switch-alarm', ROUTE53_METRICS_REGION),
    env: { account: names.accountId, region: ROUTE53_METRICS_REGION },
    terminationProtection: true,
    objects: switchObjects(policy, SWITCH_ALWAYS_PRESENT),
    keyAlias: names.keyAlias('operations'),
    names,
    level: levelsOf(policy)[0],
    forwardTo: {
      arn: names.eventBusArn('recovery'),
      roleName: names.role('alarm-forwarding', ROUTE53_METRICS_REGION),
    },
  })
}

function switchObjects(policy: Policy, key: string): SwitchObject[] {
  const names = new Names(policy)
  const { probeEverySeconds, consecutiveFailures } = policy.pace.detection
  return (['recovery', 'witness'] as const).map((place) => ({
    place,
    host: names.switchHost(place),
    key,
    // Route 53 knows two intervals (API reference, HealthCheckConfig); the policy's own is met or beaten.
    requestIntervalSeconds: probeEverySeconds >= 30 ? 30 : 10,
    consecutiveFailures,
  }))
}
