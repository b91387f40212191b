import { PRIVILEGES } from '../core/runbook/model'
import { ELEVATED_ROLES, HUMAN_ROLE_NAMES } from '../core/access/human-roles'
import type { ApplicationHook } from '../core/ports/application-tier'
import type { Component } from '../core/ports/deployments'
import type { ArchivePart } from '../core/archive/read-back'
import type { DataClass } from '../core/ports/archive-disposal'
import type { Audience } from '../core/ports/notifier'
import type { VaultKind } from '../core/ports/recovery-points'
import {
  LATER_WRITES_FOLDER,
  POLICY_LAYER_FILE,
  RUNTIME_AUTHORITIES_FILE,
  SWITCH_ALWAYS_PRESENT,
  type PermittedResource,
} from '../lambda/contract'
import { archiveBucket, type DataRegionRole, type KeyPurpose, type Names, type RegionRole } from './names'
import { incidentArns, incidentConditions, incidentVariables, isOfIncident } from './incident-bindings'
import { isOfRelease, releaseArns } from './release-bindings'
import { runbooksOf } from './runbook-machines'

/** Login role of our functions in the database; a test holds it equal to the one the adapters create. */
export const FENCE_ROLE = 'recovery_fence'
/** The same of what dumps the database. */
export const ARCHIVE_ROLE = 'recovery_archive'

/** Each of them may be there; the one of copies is not where nothing is copied. */
const VAULTS = ['pitr', 'snapshots', 'copies'] as const satisfies readonly VaultKind[]

/** What is known of a function's own region when its contract is bound to resources. */
export interface Surroundings {
  readonly names: Names
  readonly role: RegionRole
  readonly policyHash: string
  /** Paths of the settings that are copied, and the secrets of the application. */
  readonly parameterPaths: readonly string[]
  readonly secrets: readonly string[]
  /** Those of them, and those of owners of databases, that have a copy in another region. */
  readonly replicatedSecrets: readonly string[]
  /** Every function of ours in the region, and by their physical names the queues of what they could not take. */
  readonly functions: readonly string[]
  readonly queues: readonly string[]
  /** Login roles of the application in the database. */
  readonly logins: readonly string[]
  /** Plans of the region's restore tests. */
  readonly restoreTestPlans: readonly string[]
  /** Data classes that have an archive. */
  readonly archivedClasses: readonly DataClass[]
  /** The tables that each of them keeps. */
  readonly archivedTables: readonly (readonly [DataClass, readonly string[]])[]
  /** Forms in which each of them is kept. */
  readonly archivedParts: readonly ArchivePart[]
  /** Name of the database on an instance. */
  readonly databaseName: string
  readonly environment: string
  /** Declared instances of the region, by their physical names, and those of them that are replicas. */
  readonly instances: readonly string[]
  readonly replicas: readonly string[]
  /** The database that serves in the region, or would. @default none: functions of the witness region speak to no database */
  readonly database?: OwnDatabase
  /** Every declared database of the region. @default none */
  readonly databases?: readonly DatabaseAccess[]
  /** Groups of what is restored: to serve, or as a test. @default none: nothing is restored without a network */
  readonly securityGroups?: { readonly databases: string; readonly testCopies: string; readonly closed: string }
  /** ARN of the region's own key for a purpose. Throws for one that the region does not have. */
  readonly keyArn: (purpose: KeyPurpose) => string
  /** Instance that serves in a data region, or would: its newest generation. */
  readonly serving: (role: DataRegionRole) => string
  /** Replica in the primary region out of which the way leads back. @default none is declared */
  readonly rebuilt?: string
  /** What a failover brings up besides the database. */
  readonly applicationHooks: readonly ApplicationHook[]
  /** What of the platform is released. */
  readonly released: readonly Component[]
  /** Who can be told in the region. */
  readonly audiences: readonly Audience[]
}

export interface DatabaseAccess {
  readonly instance: string
  readonly host: string
  readonly port: string
  /** Such as `db-ABC...`: what an IAM database login is granted on. */
  readonly resourceId: string
}

export interface OwnDatabase extends DatabaseAccess {
  /** Secret of its owner. @default none: a replica has the owner of its source */
  readonly ownerSecret?: OwnerSecret
}

export interface OwnerSecret {
  /** Name, or the ARN of one that is not ours. */
  readonly name: string
  readonly arn: string
  /** Key that it is encrypted with. */
  readonly keyArn: string
}

/** Values of the variables a contract lists. Throws for a variable nothing here knows. */
export function environmentOf(variables: readonly string[], around: Surroundings): Record<string, string> {
  const { names, role } = around
  const values: Record<string, (() => string) | undefined> = {
    ...incidentVariables(around),
    POLICY_PATH: () => POLICY_LAYER_FILE,
    POLICY_HASH: () => around.policyHash,
    COORDINATION_RECOVERY_TABLE: () => names.coordinationTableArn('recovery'),
    COORDINATION_WITNESS_TABLE: () => names.coordinationTableArn('witness'),
    COORDINATION_READER_FUNCTION: () => names.function('coordination-reader'),
    JOURNAL_RELAY_FUNCTION: () => names.function('journal-relay'),
    FENCE_FUNCTION: () => names.function('fence'),
    RECOVERY_PROBE_FUNCTION: () => names.functionArn('recovery', 'probe'),
    WITNESS_PROBE_FUNCTION: () => names.functionArn('witness', 'probe'),
    REPLICA_OBSERVER_FUNCTION: () => names.function('replica-observer'),
    DATABASES: () => pairs(databasesOf(around).map(({ instance, host, port }) => [instance, `${host}:${port}`])),
    DATABASE_INSTANCE: () => databaseOf(around).instance,
    DATABASE_HOST: () => databaseOf(around).host,
    DATABASE_PORT: () => databaseOf(around).port,
    DATABASE_AUTHORITIES: () => RUNTIME_AUTHORITIES_FILE,
    DATABASE_SECURITY_GROUP: () => groupsOf(around).databases,
    TEST_COPY_SECURITY_GROUP: () => groupsOf(around).testCopies,
    MOMENT_READER_FUNCTION: () => names.function('moment-reader'),
    CONTENT_READER_FUNCTION: () => names.function('content-reader'),
    COPY_KEYS: () => [around.keyArn('database'), around.keyArn('backup')].join(','),
    DATABASE_KEY: () => names.keyAlias('database'),
    DATABASE_OWNER_SECRET: () => ownerSecretOf(around).name,
    READINESS_DATABASE_FUNCTION: () => names.function('readiness-database'),
    RESTORE_TEST_PLANS: () => around.restoreTestPlans.join(','),
    EVIDENCE_BUCKET: () => names.bucket('evidence', role),
    EVIDENCE_KEY: () => names.keyAlias('checkpoint'),
    CODE_BUCKET: () => names.bucket('code', role),
    CODE_SIGNING_KEY: () => names.keyAlias('code-signing'),
    NOTIFICATION_TOPICS: () => pairs(around.audiences.map((audience) => [audience, names.topicArn(role, audience)])),
    RUNBOOK_MACHINES: () =>
      pairs(
        machinesOf(around).map(({ name, place }) => [
          `${name}@${names.region(place)}`,
          names.stateMachineArn(place, name),
        ]),
      ),
    PRIMARY_INSTANCE: () => around.serving('primary'),
    REPLICA_INSTANCE: () => around.serving('recovery'),
    REBUILT_INSTANCE: () => around.rebuilt ?? 'none',
    CONFIGURATION_KEY: () => names.keyAlias('configuration'),
    CONFIGURATION_SECRETS: () => around.secrets.map((name) => names.secret(name)).join(','),
    REPLICATED_SECRETS: () => around.replicatedSecrets.map((name) => names.secret(name)).join(','),
    CONFIGURATION_BUCKETS: () => names.dataRoles.map((place) => names.bucket('configuration', place)).join(','),
    ARCHIVE_BUCKETS: () => pairs(around.archivedClasses.map((name) => [name, names.bucket(archiveBucket(name), role)])),
    ARCHIVE_STAGING_BUCKET: () => names.bucket('archive-staging', role),
    ARCHIVE_EXPORT_ROLE: () => names.roleArnOf('snapshot-export', role),
    ARCHIVE_KEY: () => around.keyArn('archive'),
    ARCHIVE_TABLES: () => pairs(around.archivedTables.map(([name, tables]) => [name, tables.join('+')])),
    ARCHIVE_PARTS: () => around.archivedParts.join(','),
    DATABASE_NAME: () => around.databaseName,
    RECOVERY_ENVIRONMENT: () => around.environment,
    SERVING_INSTANCE: () => around.serving(role === 'recovery' ? 'recovery' : 'primary'),
    RECOVERY_SWITCH_BUCKET: () => names.bucket('switch', 'recovery'),
    WITNESS_SWITCH_BUCKET: () => names.bucket('switch', 'witness'),
    PRIMARY_HEALTH_URL: () => names.healthUrl('primary'),
    SERVED_HEALTH_URL: () => names.healthUrl('served'),
    HEALTH_DATABASE_FUNCTION: () => names.function('health-database'),
    OWN_FUNCTIONS: () => around.functions.join(','),
    OWN_QUEUES: () => around.queues.join(','),
  }
  return Object.fromEntries(
    variables.map((variable) => {
      const value = values[variable]
      if (!value)
        throw new Error(`no value is known for the variable '${variable}'; add it to lib/function-bindings.ts`)
      return [variable, value()]
    }),
  )
}

/** Condition without which a permission would be wider than meant; none for most. */
export const conditionOf = (resource: PermittedResource, around: Surroundings): Record<string, unknown> => {
  const conditions: Partial<Record<PermittedResource, Record<string, unknown>>> = {
    ...conditionsIn(around.names),
    ...incidentConditions(around),
  }
  return conditions[resource] ?? {}
}

const conditionsIn = (names: Names): Partial<Record<PermittedResource, Record<string, unknown>>> => ({
  'other-configuration-keys': {
    'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.keyAlias('configuration') },
  },
  'own-archive-key-for-services': FOR_SERVICES,
  'own-database-key-for-services': FOR_SERVICES,
  'own-archive-export-role': { StringEquals: { 'iam:PassedToService': 'export.rds.amazonaws.com' } },
})

const FOR_SERVICES = { Bool: { 'kms:GrantIsForAWSResource': 'true' } }

/** ARNs a permission is about; none where the region has nothing of that kind, and nothing is granted. */
export function arnsOf(resource: PermittedResource, around: Surroundings): string[] {
  const { names, role } = around
  const user = (name: string, { resourceId }: DatabaseAccess) =>
    `arn:aws:rds-db:${names.region(role)}:${names.accountId}:dbuser:${resourceId}/${name}`
  const users = (name: string) => databasesOf(around).map((database) => user(name, database))
  const switchObject = (place: RegionRole, key: string) => `${names.bucketArn('switch', place)}/${key}`
  const switchObjects = (place: RegionRole) => names.switchKeys().map((key) => switchObject(place, key))
  const instances = (own: readonly string[]) => own.map((instance) => names.instanceArn(role, instance))
  if (isOfIncident(resource)) return incidentArns(resource, around)
  if (isOfRelease(resource)) return releaseArns(resource, around)
  switch (resource) {
    case 'recovery-coordination-table':
      return [names.coordinationTableArn('recovery')]
    case 'witness-coordination-table':
      return [names.coordinationTableArn('witness')]
    case 'own-coordination-table':
      return role === 'recovery' ? [names.coordinationTableArn('recovery')] : []
    case 'own-database-instances':
      return instances(around.instances)
    case 'promotable-replicas':
      return instances(around.replicas)
    case 'own-restored-copies':
      return [names.instanceArn(role, names.nextDatabase()), names.testCopiesArn(role)]
    case 'own-test-copies':
      return [names.testCopiesArn(role)]
    case 'own-restores':
      return [
        ...instances([...around.instances, names.nextDatabase()]),
        names.testCopiesArn(role),
        ...names.restoreGroupArns(role),
        names.automatedBackupsArn(role),
      ]
    case 'own-automated-backups':
      return [names.automatedBackupsArn(role)]
    case 'own-database-user:archive-role':
      return [user(ARCHIVE_ROLE, databaseOf(around))]
    case 'own-database-user:fence-role':
      return users(FENCE_ROLE)
    case 'own-database-user:every-role':
      return users('*')
    case 'own-database-key':
    case 'own-database-key-for-services':
      return [around.keyArn('database')]
    case 'fence-functions':
      return names.dataRoles.map((place) => names.functionArn(place, 'fence'))
    case 'own-backup-key':
      return [around.keyArn('backup')]
    case 'own-vaults':
      return role === 'witness' ? [] : VAULTS.map((kind) => names.vaultArn(role, kind))
    case 'every-database-of-the-region':
      return [names.instanceArn(role, '*')]
    case 'recovery-compliance-function':
      return [names.functionArn('recovery', 'compliance-validation')]
    case 'recovery-probe-function':
      return [names.functionArn('recovery', 'probe')]
    case 'witness-probe-function':
      return [names.functionArn('witness', 'probe')]
    case 'own-replica-observer-function':
      return [names.functionArn(role, 'replica-observer')]
    case 'replica-observer-functions':
      return names.dataRoles.map((place) => names.functionArn(place, 'replica-observer'))
    case 'own-health-database-function':
      return [names.functionArn(role, 'health-database')]
    case 'own-alarms':
      return [names.alarmsArn(role)]
    case 'own-journal-relay-function':
      return role === 'primary' ? [names.functionArn(role, 'journal-relay')] : []
    case 'content-reader-functions':
      return names.dataRoles.map((place) => names.functionArn(place, 'content-reader'))
    case 'own-content-reader-function':
      return besideDatabases(names, role, 'content-reader')
    case 'own-moment-reader-function':
      return [names.functionArn(role, 'moment-reader')]
    case 'own-coordination-reader-function':
      return besideDatabases(names, role, 'coordination-reader')
    case 'own-readiness-database-function':
      return [names.functionArn(role, 'readiness-database')]
    case 'own-database-owner-secret':
      return [ownerSecretOf(around).arn]
    case 'own-database-owner-secret-key':
      return [ownerSecretOf(around).keyArn]
    case 'own-escalation-topics':
      return topicsOf(around, 'level-')
    case 'own-owner-topics':
      return topicsOf(around, 'owner-')
    case 'own-runbook-functions':
      return PRIVILEGES.map((privilege) => names.functionArn(role, `runbook-${privilege}`))
    case 'own-runbook-machines':
      return runbooksOf(names, role).map((name) => names.stateMachineArn(role, name))
    case 'every-runbook-machine':
      return machinesOf(around).map(({ name, place }) => names.stateMachineArn(place, name))
    case 'application-services':
      return hooksOf(around, 'scale-ecs-service').map((hook) => names.ecsServiceArn(role, hook.cluster, hook.service))
    case 'application-deployments':
      return hooksOf(around, 'flip-deployment').map((hook) => names.foreignFunctionArn(role, hook.function))
    case 'application-functions':
      return hooksOf(around, 'invoke-function').map((hook) => names.foreignFunctionArn(role, hook.function))
    case 'evidence-objects':
      return [`${names.bucketArn('evidence', role)}/*`]
    case 'own-later-writes':
      return [`${names.bucketArn('evidence', role)}/${LATER_WRITES_FOLDER}/${names.region(role)}/*`]
    case 'evidence-bucket':
      return [names.bucketArn('evidence', role)]
    case 'evidence-signing-key':
      return [around.keyArn('checkpoint')]
    case 'evidence-encryption-key':
      return [around.keyArn('evidence')]
    case 'own-code-bucket':
      return [names.bucketArn('code', role)]
    case 'own-code-objects':
      return [`${names.bucketArn('code', role)}/*`]
    case 'own-code-key':
      return [around.keyArn('code')]
    case 'own-code-signing-key':
      return [around.keyArn('code-signing')]
    case 'own-archive-buckets':
      return around.archivedClasses.map((name) => names.bucketArn(archiveBucket(name), role))
    case 'own-archive-objects':
      return around.archivedClasses.map((name) => `${names.bucketArn(archiveBucket(name), role)}/*`)
    case 'own-archive-staging':
      return [names.bucketArn('archive-staging', role)]
    case 'own-archive-staged-objects':
      return [`${names.bucketArn('archive-staging', role)}/*`]
    case 'own-archive-export-role':
      return [names.roleArnOf('snapshot-export', role)]
    case 'own-archive-key':
    case 'own-archive-key-for-services':
      return [around.keyArn('archive')]
    case 'own-parameters':
      return around.parameterPaths.flatMap((path) => names.parameterArns(role, path))
    case 'configuration-secrets':
      return around.secrets.map((name) => names.secretArn(role, name))
    case 'own-replicated-secrets':
      return around.replicatedSecrets.map((name) => names.secretArn(role, name))
    case 'replicated-secrets-of-each-region':
      return names.dataRoles.flatMap((place) => around.replicatedSecrets.map((name) => names.secretArn(place, name)))
    case 'configuration-buckets':
      return names.dataRoles.map((place) => names.bucketArn('configuration', place))
    case 'configuration-objects':
      return names.dataRoles.map((place) => `${names.bucketArn('configuration', place)}/*`)
    case 'own-configuration-bucket':
      return [names.bucketArn('configuration', role)]
    case 'own-configuration-objects':
      return [`${names.bucketArn('configuration', role)}/*`]
    case 'configuration-restore-functions':
      return names.dataRoles.map((place) => names.functionArn(place, 'configuration-restore'))
    case 'own-configuration-key':
      return [around.keyArn('configuration')]
    case 'other-configuration-keys':
      return names.dataRoles.filter((place) => place !== role).map((place) => names.anyKeyArn(place))
    case 'elevated-roles':
      return ELEVATED_ROLES.map((name) => `arn:aws:iam::${names.accountId}:role/${names.humanRole(name)}`)
    case 'every-export':
    case 'every-restore-job':
    case 'the-account':
      return ['*']
    case 'roles-of-people':
      return HUMAN_ROLE_NAMES.map((name) => `arn:aws:iam::${names.accountId}:role/${names.humanRole(name)}`)
    case 'restored-copies':
      return [names.restoredCopiesArn(role)]
    case 'restored-copies-user:fence-role':
      return [`arn:aws:rds-db:${names.region(role)}:${names.accountId}:dbuser:*/${FENCE_ROLE}`]
    case 'recovery-switch-bucket':
      return [names.bucketArn('switch', 'recovery')]
    case 'witness-switch-bucket':
      return [names.bucketArn('switch', 'witness')]
    case 'recovery-switch-marker':
      return [switchObject('recovery', SWITCH_ALWAYS_PRESENT)]
    case 'witness-switch-marker':
      return [switchObject('witness', SWITCH_ALWAYS_PRESENT)]
    case 'recovery-switch-objects':
      return switchObjects('recovery')
    case 'witness-switch-objects':
      return switchObjects('witness')
  }
}

/** A function of the runbooks, which a topology of one region does not have. */
const besideDatabases = (names: Names, role: RegionRole, name: string): string[] =>
  names.roles.includes('recovery') ? [names.functionArn(role, name)] : []

function hooksOf<Kind extends ApplicationHook['kind']>(around: Surroundings, kind: Kind) {
  return around.applicationHooks.filter((hook): hook is Extract<ApplicationHook, { kind: Kind }> => hook.kind === kind)
}

const topicsOf = ({ audiences, names, role }: Surroundings, kind: 'level-' | 'owner-'): string[] =>
  audiences.filter((audience) => audience.startsWith(kind)).map((audience) => names.topicArn(role, audience))

/** The form that `settingPairs` of the adapters reads. */
const pairs = (entries: readonly (readonly [string, string])[]): string =>
  entries.map(([name, value]) => `${name}=${value}`).join(',') || 'none'

function ownerSecretOf(around: Surroundings): OwnerSecret {
  const { instance, ownerSecret } = databaseOf(around)
  if (!ownerSecret) throw new Error(`the secret of the owner of '${instance}' is not known in its region`)
  return ownerSecret
}

/** Machines of all regions: whoever may start those of his own alone is told so by his permissions. */
const machinesOf = ({ names }: Surroundings) =>
  names.roles.flatMap((place) => runbooksOf(names, place).map((name) => ({ name, place })))

function groupsOf({ securityGroups, names, role }: Surroundings): NonNullable<Surroundings['securityGroups']> {
  if (!securityGroups) throw new Error(`'${names.region(role)}' has no network into which a copy could be restored`)
  return securityGroups
}

function databasesOf(around: Surroundings): readonly DatabaseAccess[] {
  return around.databases ?? [databaseOf(around)]
}

function databaseOf({ database, names, role }: Surroundings): OwnDatabase {
  if (!database)
    throw new Error(`a function needs the database of its region, but '${names.region(role)}' has none for it`)
  return database
}
