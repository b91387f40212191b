import { Stack } from 'aws-cdk-lib'
import { DatabaseInstance, DatabaseInstanceReadReplica, type IDatabaseInstance } from 'aws-cdk-lib/aws-rds'
import { originOf, withRecoveryRegion, type Policy } from '../../core/policy'
import { pinExports, type WriterProperties } from '../constructs/adopted-instance'
import { POSTGRES_PORT, type PostgresInstanceProps } from '../constructs/postgres-surroundings'
import type { RecoveryNetwork } from '../constructs/recovery-network'
import { otherRole, type DataRegionRole } from '../names'
import { DatabaseStack } from '../stacks/database-stack'
import type { KeysStack } from '../stacks/keys-stack'
import { ImportedDatabaseStack } from '../stacks/imported-database-stack'
import { NetworkStack } from '../stacks/network-stack'
import { ReplicaStack } from '../stacks/replica-stack'
import type { Foundation } from './foundation'
import type { Region } from './region'

type Instance = Policy['topology']['instances'][number]

/** An instance of the topology with the resource it became. */
export interface DeployedInstance {
  readonly generation: number
  readonly resource: IDatabaseInstance
}

/** Those of a data region, first the one that its readiness, its dumps and its backups are about. */
export type Instances = readonly [DeployedInstance, ...DeployedInstance[]]

/** The network of a data region. */
export function networkOf(region: Region<DataRegionRole>, { keys }: Foundation): RecoveryNetwork {
  return new NetworkStack(region.stage, `network-${region.role}`, {
    ...region.stack('network'),
    names: region.names,
    role: region.role,
    ...siteOf(region),
    logKey: keys.key('operations'),
    logRetention: region.logRetention,
  }).network
}

function siteOf({ role, policy }: Region<DataRegionRole>) {
  if (role === 'primary') {
    const { network, availabilityZones } = policy.topology
    return { source: network.primary, availabilityZones: availabilityZones.primary }
  }
  const { network, availabilityZones } = withRecoveryRegion(policy).topology
  return { source: network.recovery, availabilityZones: availabilityZones.recovery }
}

export function databases(region: Region<DataRegionRole>, { keys }: Foundation, network: RecoveryNetwork): Instances {
  const generation = region.serving(region.role)
  const deployed = region.policy.topology.instances
    .filter((instance) => instance.region === region.role)
    .toSorted((a, b) => b.generation - a.generation)
    .map((instance) => ({ ...instance, resource: deploy(region, instance, keys, network) }))
  for (const { resource, adoption } of deployed) {
    keepExports(resource)
    if (adoption && adoption.state !== 'adopted') pinExports(resource, adoption, POSTGRES_PORT)
  }
  const [serving] = deployed.filter((instance) => instance.generation === generation)
  if (!serving) throw new Error(`generation ${generation} does not stand in the ${region.role} region`)
  return [serving, ...deployed.filter((instance) => instance !== serving)]
}

/**
 * Exports what other stacks read of an instance, for good. An export that follows its readers would go from the old writer to
 * the new one with them, and CloudFormation, which deploys the exporting stack first, drops none that is still in use.
 */
function keepExports(instance: IDatabaseInstance): void {
  if (!(instance instanceof DatabaseInstance) && !(instance instanceof DatabaseInstanceReadReplica)) return
  const stack = Stack.of(instance)
  for (const value of [
    instance.dbInstanceEndpointAddress,
    instance.dbInstanceEndpointPort,
    instance.instanceResourceId,
  ])
    stack.exportValue(value)
}

function deploy(
  region: Region<DataRegionRole>,
  instance: Instance,
  keys: KeysStack,
  network: RecoveryNetwork,
): IDatabaseInstance {
  const { names, role, policy } = region
  const { database, backup, mechanisms } = policy
  const { generation } = instance
  const existing = policy.imports.database
  if (existing.mode === 'import' && existing.generation === generation)
    return new ImportedDatabaseStack(region.stage, `imported-database-g${generation}`, {
      ...region.stack('imported-database', generation),
      ...existing,
      clients: network.clients,
    }).instance
  const common = instanceProps(region, generation, keys, network)
  if (instance.source === undefined)
    return new DatabaseStack(region.stage, `database-g${generation}`, {
      ...region.stack('database', generation),
      database: {
        ...common,
        ownerSecretName: names.secret(names.ownerSecret(generation)),
        multiAz: database.multiAz,
        backupRetentionDays: backup.pointInTimeRetentionDays,
        secretRotationDays: database.secretRotationDays,
        ...(mechanisms.crossRegionPointInTime.mode === 'replicated' && {
          replicatedBackups: { ...mechanisms.crossRegionPointInTime, region: names.region(otherRole(role)) },
        }),
        clients: network.clients,
        rotationFunctionName: names.function(`rotation-g${generation}`),
        ...(names.dataRoles.includes(otherRole(role)) && {
          secretReplica: {
            region: names.region(otherRole(role)),
            kmsKeyId: names.keyAliasArn(otherRole(role), 'database'),
          },
        }),
      },
    }).database.instance
  if (instance.role === 'replica' && mechanisms.replica.mode === 'none')
    throw new Error(
      `generation ${generation} of the topology follows ${instance.source}, but mechanisms.replica.mode is 'none'; remove one of them`,
    )
  // What was restored is declared as a promoted replica is: taken in as a writer, with the owner of its source.
  return new ReplicaStack(region.stage, `replica-g${generation}`, {
    ...region.stack('replica', generation),
    replica: {
      ...common,
      sourceArn: names.databaseArn(otherRole(role), instance.source),
      sourceRegion: names.region(otherRole(role)),
      multiAz: database.multiAz,
      ...(instance.adoption && { adoption: { state: instance.adoption.state, writer: writerOf(region, generation) } }),
    },
  }).replica.instance
}

/** What a promoted replica is declared with once it is adopted. */
function writerOf({ names, policy }: Region<DataRegionRole>, generation: number): WriterProperties {
  const { database, backup, topology } = policy
  return {
    engine: 'postgres',
    engineVersion: database.engineVersion,
    storageGigabytes: database.storageGigabytes,
    backupRetentionDays: backup.pointInTimeRetentionDays,
    ownerSecretName: names.secret(names.ownerSecret(originOf(topology, generation)?.generation ?? generation)),
  }
}

/** What every instance of the region is given, whatever it is for. */
export function instanceProps(
  { names, role, policy: { database }, logRetention }: Region<DataRegionRole>,
  generation: number,
  keys: KeysStack,
  network: RecoveryNetwork,
): PostgresInstanceProps {
  return {
    instanceIdentifier: names.database(generation),
    databaseName: database.name,
    engineVersion: database.engineVersion,
    engineMajor: database.engineMajor,
    instanceClass: database.instanceClass,
    storageGigabytes: database.storageGigabytes,
    tlsMinimum: database.tlsMinimum,
    maintenanceWindow: windowOf(database.maintenanceWindow),
    key: keys.key('database'),
    logKey: keys.key('operations'),
    logRetention,
    vpc: network.vpc,
    subnets: network.subnets,
    securityGroup: network.databases,
    monitoringRoleName: names.role(`monitoring-g${generation}`, role),
  }
}

const windowOf = ({ weekday, startUtc, endUtc }: Policy['database']['maintenanceWindow']): string =>
  `${weekday}:${startUtc}-${weekday}:${endUtc}`
