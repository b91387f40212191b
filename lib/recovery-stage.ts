import { Stage, Tags } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Json } from '../core/json'
import { contentHash } from '../core/evidence/hash'
import type { Policy } from '../core/policy'
import { mostDaysIn } from '../core/policy/retention'
import { regionFailover } from '../core/runbook/region-failover'
import { SWITCH_ALWAYS_PRESENT, SWITCH_TO_RECOVERY } from '../lambda/contract'
import type { FailoverRecordProps, SwitchObject } from './constructs/failover-record'
import type { PostgresInstanceProps } from './constructs/postgres-surroundings'
import type { OwnDatabase } from './function-bindings'
import { Names, otherRole, ROUTE53_METRICS_REGION, type DataRegionRole, type RegionRole } from './names'
import { regionFailoverMachine } from './region-failover-machine'
import { BackupPlanStack } from './stacks/backup-plan-stack'
import { CoordinationStack } from './stacks/coordination-stack'
import { DatabaseStack } from './stacks/database-stack'
import { DnsStack } from './stacks/dns-stack'
import { EvidenceStack } from './stacks/evidence-stack'
import { KeysStack } from './stacks/keys-stack'
import { NetworkStack } from './stacks/network-stack'
import { ReplicaStack } from './stacks/replica-stack'
import { RunbooksStack, type FunctionCode } from './stacks/runbooks-stack'
import { SwitchAlarmStack } from './stacks/switch-alarm-stack'
import { VaultsStack } from './stacks/vaults-stack'

export interface RecoveryStageProps {
  readonly policy: Policy
  readonly code: FunctionCode
}

type Instance = Policy['topology']['instances'][number]

/**
 * Every stack of one environment, in three regions, out of one policy. No stack reads another region: what two regions
 * must both know is a chosen name (`Names`) or a policy value.
 */
export class RecoveryStage extends Stage {
  readonly names: Names
  private readonly policy: Policy
  private readonly logRetention: RetentionDays

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RecoveryStageProps,
  ) {
    super(scope, id)
    this.policy = props.policy
    this.names = new Names(this.policy)
    this.logRetention = logRetentionFor(this.policy)
    this.witness()
    this.dataRegion('recovery')
    this.dataRegion('primary')
    this.switchAlarm()
    Tags.of(this).add('recovery:environment', this.policy.environment)
    Tags.of(this).add('recovery:application', this.policy.application)
  }

  private witness(): void {
    const keys = this.keys('witness')
    const { accessLogs } = this.evidence('witness', keys)
    this.coordination('witness', keys, accessLogs)
    new RunbooksStack(this, 'runbooks-witness', { ...this.runbooksProps('witness', keys) })
  }

  private dataRegion(role: DataRegionRole): void {
    const { names, policy } = this
    const keys = this.keys(role)
    const { accessLogs } = this.evidence(role, keys)
    if (role === 'recovery') this.coordination(role, keys, accessLogs)
    const { network } = new NetworkStack(this, `network-${role}`, {
      ...this.stack('network', role),
      names,
      role,
      source: policy.topology.network[role],
      availabilityZones: policy.topology.availabilityZones[role],
      logKey: keys.key('operations'),
      logRetention: this.logRetention,
    })
    const { vaults } = new VaultsStack(this, `vaults-${role}`, {
      ...this.stack('vaults', role),
      names,
      key: keys.key('backup'),
      vaults: vaultsOf(policy),
    })
    const instances = policy.topology.instances
      .filter(({ region }) => region === role)
      .map((instance) => ({ ...instance, resource: this.instance(instance, role, keys, network) }))
    // The newest generation of a region is the one that serves, or would after a failover.
    const newest = instances.toSorted((a, b) => b.generation - a.generation)[0]
    if (!newest) throw new Error(`the topology names no instance in the ${role} region '${names.region(role)}'`)
    new BackupPlanStack(this, `backup-plan-${role}`, {
      ...this.stack('backup-plan', role),
      names,
      role,
      backup: policy.backup,
      vaults,
      // The region that does not write selects nothing by name: its plan stands ready and waits for the tag.
      writers: policy.topology.active === role ? [newest.resource] : [],
    })
    new DnsStack(this, `dns-${role}`, {
      ...this.stack('dns', role),
      record: this.record(role, newest.resource.dbInstanceEndpointAddress),
    })
    new RunbooksStack(this, `runbooks-${role}`, {
      ...this.runbooksProps(role, keys),
      network: { vpc: network.vpc, subnets: network.subnets, securityGroup: network.clients },
      around: {
        ...this.around(role),
        evidence: {
          encryptionKeyArn: keys.key('evidence').keyArn,
          signingKeyArn: keys.key('checkpoint').keyArn,
        },
        database: ownDatabase(names.database(newest.generation), newest.resource),
      },
      ...(role === 'recovery' && { runbooks: { [regionFailover.name]: regionFailoverMachine(policy, names) } }),
    })
  }

  private keys(role: RegionRole): KeysStack {
    return new KeysStack(this, `keys-${role}`, {
      ...this.stack('keys', role),
      names: this.names,
      purposes: [
        'evidence',
        'operations',
        ...(role === 'witness' ? [] : (['database', 'backup', 'checkpoint'] as const)),
        ...(role === 'primary' ? [] : (['coordination'] as const)),
      ],
    })
  }

  private evidence(role: RegionRole, keys: KeysStack): { readonly accessLogs: EvidenceStack['accessLogs']['bucket'] } {
    const days = mostDaysIn(this.policy.dataClasses.operational.retentionYears)
    const copyTo = ({ primary: 'recovery', recovery: 'witness', witness: undefined } as const)[role]
    const { accessLogs } = new EvidenceStack(this, `evidence-${role}`, {
      ...this.stack('evidence', role),
      names: this.names,
      role,
      key: keys.key('evidence'),
      lock: { mode: 'governance', days },
      accessLogRetentionDays: days,
      ...(copyTo && { copyTo }),
    })
    return { accessLogs: accessLogs.bucket }
  }

  private coordination(
    role: 'recovery' | 'witness',
    keys: KeysStack,
    accessLogs: EvidenceStack['accessLogs']['bucket'],
  ) {
    new CoordinationStack(this, `coordination-${role}`, {
      ...this.stack('coordination', role),
      names: this.names,
      role,
      key: keys.key('coordination'),
      accessLogs,
      checkerRanges: this.policy.dns.checkerRanges.cidrs,
    })
  }

  private instance(instance: Instance, role: DataRegionRole, keys: KeysStack, network: NetworkStack['network']) {
    const { names, policy } = this
    const { database, backup, mechanisms } = policy
    const { generation } = instance
    const common: PostgresInstanceProps = {
      instanceIdentifier: names.database(generation),
      engineVersion: database.engineVersion,
      engineMajor: database.engineMajor,
      instanceClass: database.instanceClass,
      storageGigabytes: database.storageGigabytes,
      tlsMinimum: database.tlsMinimum,
      maintenanceWindow: windowOf(database.maintenanceWindow),
      key: keys.key('database'),
      logKey: keys.key('operations'),
      logRetention: this.logRetention,
      vpc: network.vpc,
      subnets: network.subnets,
      securityGroup: network.databases,
      monitoringRoleName: names.role(`monitoring-g${generation}`, role),
    }
    if (instance.source === undefined)
      return new DatabaseStack(this, `database-g${generation}`, {
        ...this.stack('database', role, generation),
        database: {
          ...common,
          databaseName: database.name,
          multiAz: database.multiAz,
          backupRetentionDays: backup.pointInTimeRetentionDays,
          backupWindow: BACKUP_WINDOW,
          clients: network.clients,
          rotationFunctionName: names.function(`rotation-g${generation}`),
        },
      }).database.instance
    if (mechanisms.replica.mode === 'none')
      throw new Error(
        `generation ${generation} of the topology follows ${instance.source}, but mechanisms.replica.mode is 'none'; remove one of them`,
      )
    return new ReplicaStack(this, `replica-g${generation}`, {
      ...this.stack('replica', role, generation),
      replica: {
        ...common,
        sourceArn: names.databaseArn(otherRole(role), instance.source),
        sourceRegion: names.region(otherRole(role)),
        multiAz: database.multiAz,
        lagAlarm: {
          thresholdSeconds: mechanisms.replica.lagAlarmSeconds,
          datapoints: mechanisms.replica.lagAlarmDatapoints,
        },
      },
      alarms: { key: keys.key('operations'), emails: policy.contacts.primary.map(({ email }) => email) },
    }).replica.instance
  }

  private record(role: DataRegionRole, target: string): FailoverRecordProps {
    const { dns, pace } = this.policy
    return {
      hostedZoneId: dns.hostedZoneId,
      name: this.names.servedName('database'),
      target,
      ttlSeconds: pace.dns.ttlSeconds,
      side:
        role === 'primary'
          ? { kind: 'primary', switches: this.switchObjects(SWITCH_TO_RECOVERY) }
          : { kind: 'secondary' },
    }
  }

  private switchAlarm(): void {
    new SwitchAlarmStack(this, 'switch-alarm', {
      stackName: this.names.stack('switch-alarm', ROUTE53_METRICS_REGION),
      env: { account: this.names.accountId, region: ROUTE53_METRICS_REGION },
      terminationProtection: true,
      objects: this.switchObjects(SWITCH_ALWAYS_PRESENT),
      keyAlias: this.names.keyAlias('operations'),
      emails: this.policy.contacts.primary.map(({ email }) => email),
    })
  }

  private switchObjects(key: string): SwitchObject[] {
    const { probeEverySeconds, consecutiveFailures } = this.policy.pace.detection
    return (['recovery', 'witness'] as const).map((place) => ({
      place,
      host: this.names.switchHost(place),
      key,
      // Route 53 knows two intervals (API reference, HealthCheckConfig); the policy's own is met or beaten.
      requestIntervalSeconds: probeEverySeconds >= 30 ? 30 : 10,
      consecutiveFailures,
    }))
  }

  private runbooksProps(role: RegionRole, keys: KeysStack) {
    return {
      ...this.stack('runbooks', role),
      around: this.around(role),
      code: this.props.code,
      key: keys.key('operations'),
      logRetention: this.logRetention,
    }
  }

  private around(role: RegionRole) {
    return {
      names: this.names,
      role,
      policyHash: contentHash(this.policy as unknown as Json),
      recoveryGenerations: this.policy.topology.instances
        .filter(({ region }) => region === 'recovery')
        .map(({ generation }) => generation),
    }
  }

  private stack(kind: string, role: RegionRole, generation?: number) {
    return {
      stackName: this.names.stack(kind, role, generation),
      env: { account: this.names.accountId, region: this.names.region(role) },
      terminationProtection: true,
    }
  }
}

/**
 * Automated backup window of RDS, UTC. AWS Backup takes it over once it protects the instance; it must not touch the
 * maintenance window.
 */
const BACKUP_WINDOW = '04:00-05:00'

const windowOf = ({ weekday, startUtc, endUtc }: Policy['database']['maintenanceWindow']): string =>
  `${weekday}:${startUtc}-${weekday}:${endUtc}`

function vaultsOf({ backup }: Policy) {
  const { vaults, snapshotRetentionDays, pointInTimeRetentionDays } = backup
  return {
    pitr: { lock: vaults.pointInTime.lock, retentionDays: pointInTimeRetentionDays },
    snapshots: { lock: vaults.snapshots.lock, retentionDays: snapshotRetentionDays },
    copies: { lock: vaults.copies.lock, retentionDays: snapshotRetentionDays },
  }
}

/** Logs are operational data; CloudWatch knows only certain retentions, so the next longer one is taken. */
function logRetentionFor({ dataClasses }: Policy): RetentionDays {
  const days = mostDaysIn(dataClasses.operational.retentionYears)
  const offered = Object.values(RetentionDays).filter((v): v is RetentionDays => typeof v === 'number' && v >= days)
  const shortest = offered.toSorted((a, b) => a - b)[0]
  if (shortest === undefined) throw new Error(`CloudWatch Logs keeps nothing for ${days} days`)
  return shortest
}

function ownDatabase(
  instance: string,
  resource: {
    readonly dbInstanceEndpointAddress: string
    readonly dbInstanceEndpointPort: string
    readonly instanceResourceId?: string
  },
): OwnDatabase {
  if (!resource.instanceResourceId) throw new Error(`the resource id of '${instance}' is not known`)
  return {
    instance,
    host: resource.dbInstanceEndpointAddress,
    port: resource.dbInstanceEndpointPort,
    resourceId: resource.instanceResourceId,
  }
}
