import { Fn, type Stage } from 'aws-cdk-lib'
import { hasRecoveryRegion, type Policy } from '../../core/policy'
import { SWITCH_ALWAYS_PRESENT, SWITCH_TO_RECOVERY, switchToNext } from '../../lambda/contract'
import type { ApiCheck, SwitchObject } from '../constructs/traffic-checks'
import { GLOBAL_SERVICES_REGION } from '../../core/policy/flows'
import { Names, type DataRegionRole } from '../names'
import { DnsStack, type DnsStackProps } from '../stacks/dns-stack'
import { SwitchAlarmStack } from '../stacks/switch-alarm-stack'
import type { Instances } from './databases'
import { recipientsIn } from './operations'
import type { Region } from './region'

/**
 * The served names of database and API, as far as this region answers for them. The database is the newest one that stands
 * here: a rebuilt replica takes the name before it takes over, since nothing leads to it until the switch does, and a name that
 * led to the writer of before would send clients there after the way back.
 */
export function servedNames(region: Region<DataRegionRole>, instances: Instances): void {
  const newest = instances.reduce((one, other) => (other.generation > one.generation ? other : one))
  const { names, role, policy } = region
  const { hostedZoneId, privateZone, apiTargets } = policy.dns
  new DnsStack(region.stage, `dns-${role}`, {
    ...region.stack('dns'),
    zones: [
      { id: hostedZoneId, kind: 'public' },
      ...(privateZone.mode === 'existing' ? [{ id: privateZone.hostedZoneId, kind: 'private' } as const] : []),
    ],
    database: { name: names.servedName('database'), target: newest.resource.dbInstanceEndpointAddress },
    ...(hasRecoveryRegion(policy) && {
      regional: {
        name: names.regionalName(role),
        next: endpointBeside(newest.resource.dbInstanceEndpointAddress, names.nextDatabase(), names.region(role)),
        switches: switchObjects(policy, switchToNext(names.region(role), names.nextDatabase())),
      },
    }),
    api: { name: names.servedName('api'), target: apiTargets[role] },
    ttlSeconds: policy.pace.dns.ttlSeconds,
    side: sideOf(role, policy),
  })
}

/**
 * Endpoint that an instance will have, from that of one which stands: what follows the name is the same for every instance of
 * an account in a region (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.html). Whether it is so is
 * seen before anybody is led there.
 */
const endpointBeside = (endpoint: string, instance: string, region: string): string =>
  Fn.join('.', [instance, Fn.select(1, Fn.split('.', endpoint)), region, 'rds', 'amazonaws', 'com'])

function sideOf(role: DataRegionRole, policy: Policy): DnsStackProps['side'] {
  if (!hasRecoveryRegion(policy)) return { kind: 'only' }
  if (role === 'recovery') return { kind: 'secondary' }
  const { apiCheck, apiTargets, healthPath } = policy.dns
  const api: ApiCheck =
    apiCheck.mode === 'endpoint'
      ? { mode: 'endpoint', object: { host: apiTargets.primary, path: healthPath, ...paceOf(policy) } }
      : apiCheck
  return { kind: 'primary', checks: { switches: switchObjects(policy, SWITCH_TO_RECOVERY), api } }
}

/** Rings when a switch cannot be read; it stands where Route 53 publishes its metrics, and no failover needs it. */
export function switchAlarm(stage: Stage, policy: Policy): void {
  const names = new Names(policy)
  new SwitchAlarmStack(stage, 'switch-alarm', {
    stackName: names.stack('switch-alarm', GLOBAL_SERVICES_REGION),
    env: { account: names.accountId, region: GLOBAL_SERVICES_REGION },
    terminationProtection: true,
    objects: switchObjects(policy, SWITCH_ALWAYS_PRESENT),
    keyAlias: names.keyAlias('operations'),
    names,
    first: recipientsIn(policy, 'primary')[0],
    forwardTo: {
      busArn: names.eventBusArn('recovery'),
      roleName: names.role('alarm-forwarding', GLOBAL_SERVICES_REGION),
    },
  })
}

function switchObjects(policy: Policy, key: string): SwitchObject[] {
  const names = new Names(policy)
  return (['recovery', 'witness'] as const).map((place) => ({
    place,
    host: names.switchHost(place),
    path: `/${key}`,
    ...paceOf(policy),
  }))
}

function paceOf({ pace: { detection } }: Policy): Pick<SwitchObject, 'requestIntervalSeconds' | 'consecutiveFailures'> {
  return {
    // Route 53 knows two intervals (API reference, HealthCheckConfig); the policy's own is met or beaten.
    requestIntervalSeconds: detection.probeEverySeconds >= 30 ? 30 : 10,
    consecutiveFailures: detection.consecutiveFailures,
  }
}
