/** Names of the environment variables our functions read. Constants only, so that contracts may name them too. */
export const VARIABLE = {
  /** Where the layer with the resolved policy is mounted. */
  policyPath: 'POLICY_PATH',
  /** `contentHash` of that policy; a function refuses any other. */
  policyHash: 'POLICY_HASH',
  recoveryTable: 'COORDINATION_RECOVERY_TABLE',
  witnessTable: 'COORDINATION_WITNESS_TABLE',
  /** Function of the same region that reads both tables for those who cannot leave their subnets. */
  coordinationReader: 'COORDINATION_READER_FUNCTION',
  /** Function of the own region through which a run is journaled in the recovery region. */
  journalRelay: 'JOURNAL_RELAY_FUNCTION',
  /** Function that fences the databases of its region; the same name in each. */
  fence: 'FENCE_FUNCTION',
  recoveryProbe: 'RECOVERY_PROBE_FUNCTION',
  witnessProbe: 'WITNESS_PROBE_FUNCTION',
  replicaObserver: 'REPLICA_OBSERVER_FUNCTION',
  /** Every declared instance of the own region, by its physical name: `name=host:port,name=host:port`. */
  databases: 'DATABASES',
  /** Physical name of the one instance a function in the VPC may speak to. */
  databaseInstance: 'DATABASE_INSTANCE',
  databaseHost: 'DATABASE_HOST',
  databasePort: 'DATABASE_PORT',
  /** File of certificate authorities that sign RDS certificates. */
  databaseAuthorities: 'DATABASE_AUTHORITIES',
  /** Security groups of databases that may serve, and of copies that are restored as a test. */
  databaseSecurityGroup: 'DATABASE_SECURITY_GROUP',
  testCopySecurityGroup: 'TEST_COPY_SECURITY_GROUP',
  /** Group that lets nobody in but our functions, and function that puts a database of its region behind it; the same name in each. */
  closedSecurityGroup: 'CLOSED_SECURITY_GROUP',
  containment: 'CONTAINMENT_FUNCTION',
  /** Secret of each login role: `clinic_app=name,clinic_jobs=name`; and of the owner of a restored copy, or `none`. */
  loginSecrets: 'LOGIN_SECRETS',
  copyOwnerSecret: 'COPY_OWNER_SECRET',
  /** Locked vault of snapshots, the role by which AWS Backup reads, and the locked bucket for the logs beside a copy. */
  snapshotVault: 'SNAPSHOT_VAULT',
  backupRole: 'BACKUP_ROLE',
  forensicsBucket: 'FORENSICS_BUCKET',
  /** Function beside the databases of the own region that knows the moments of transactions and markers. */
  momentReader: 'MOMENT_READER_FUNCTION',
  /** Function beside the databases of a region that reads them for a comparison; the same name in each. */
  contentReader: 'CONTENT_READER_FUNCTION',
  /** Alias of the own region's key of patient data. */
  databaseKey: 'DATABASE_KEY',
  /** Keys under which the copy of a restore test may stand, by their ARNs, separated by a comma. */
  copyKeys: 'COPY_KEYS',
  /** Plan whose restores the validator judges. */
  restoreTestPlans: 'RESTORE_TEST_PLANS',
  evidenceBucket: 'EVIDENCE_BUCKET',
  evidenceKey: 'EVIDENCE_KEY',
  /** Locked bucket with copies of the source code, and the alias of the key that signs their manifests. */
  codeBucket: 'CODE_BUCKET',
  codeSigningKey: 'CODE_SIGNING_KEY',
  /** Alias of the key of each region that settings and their copies are sealed under. */
  configurationKey: 'CONFIGURATION_KEY',
  /** Names of the application's secrets, separated by commas. */
  configurationSecrets: 'CONFIGURATION_SECRETS',
  /** Names of every secret of ours that has a copy in another region, separated by commas. */
  replicatedSecrets: 'REPLICATED_SECRETS',
  /** Buckets of the primary and the recovery region, where there is one, separated by a comma. */
  configurationBuckets: 'CONFIGURATION_BUCKETS',
  /** Function that prepares the database of the own region, and the secret of that database's owner. */
  readinessDatabase: 'READINESS_DATABASE_FUNCTION',
  databaseOwnerSecret: 'DATABASE_OWNER_SECRET',
  /** Bucket of each data class that is archived: `phi=bucket,pii=bucket`. */
  archiveBuckets: 'ARCHIVE_BUCKETS',
  /** Bucket that exports are written to, the role that writes them, and the ARN of the key of both. */
  archiveStaging: 'ARCHIVE_STAGING_BUCKET',
  archiveExportRole: 'ARCHIVE_EXPORT_ROLE',
  archiveKey: 'ARCHIVE_KEY',
  /** Tables of each data class that a dump holds: `phi=clinic.records+clinic.patients,pii=...`. */
  archiveTables: 'ARCHIVE_TABLES',
  /** Forms in which each of them is archived: `dump,export`. */
  archiveParts: 'ARCHIVE_PARTS',
  /** Name of the database on the instance, and of the environment. */
  databaseName: 'DATABASE_NAME',
  environmentName: 'RECOVERY_ENVIRONMENT',
  /** Time for which the dump was scheduled, as ISO 8601. */
  scheduledAt: 'SCHEDULED_AT',
  /** Physical name of the instance that serves in the own region, or would. */
  servingInstance: 'SERVING_INSTANCE',
  recoverySwitchBucket: 'RECOVERY_SWITCH_BUCKET',
  witnessSwitchBucket: 'WITNESS_SWITCH_BUCKET',
  /** Topic of each audience in the own region: `level-1=arn,owner-devops-lead=arn`. */
  topics: 'NOTIFICATION_TOPICS',
  /** State machines of runbooks, by runbook and region: `region-failover@eu-west-1=arn`, or `none`. */
  runbookMachines: 'RUNBOOK_MACHINES',
  /** Physical names of the instances that serve, or would, in the primary and in the recovery region. */
  primaryInstance: 'PRIMARY_INSTANCE',
  replicaInstance: 'REPLICA_INSTANCE',
  /** The same of the one that was rebuilt in the primary region for the way back, or `none`. */
  rebuiltInstance: 'REBUILT_INSTANCE',
  /** Health page of the API in the primary region, and of the served API; https. */
  primaryHealthUrl: 'PRIMARY_HEALTH_URL',
  servedHealthUrl: 'SERVED_HEALTH_URL',
  /** Function beside the databases of the own region that looks at their health. */
  healthDatabase: 'HEALTH_DATABASE_FUNCTION',
  /** Every function of ours in the own region, without what all their names begin with, since Lambda takes 4 KB in all; and every queue; separated by commas. */
  ownFunctions: 'OWN_FUNCTIONS',
  ownQueues: 'OWN_QUEUES',
} as const

export type AwsEnvironment = Readonly<Record<string, string | undefined>>

/** The variable's value. Throws where the stack forgot to set it: nothing may run half configured. */
export function setting(environment: AwsEnvironment, variable: keyof typeof VARIABLE): string {
  const value = environment[VARIABLE[variable]]
  if (!value) throw new Error(`the variable ${VARIABLE[variable]} is not set; set what the function's contract lists`)
  return value
}

/** A variable of the form `name=value,name=value`; empty for `none`. Throws where the stack forgot to set it. */
export function settingPairs(
  environment: AwsEnvironment,
  variable: keyof typeof VARIABLE,
): ReadonlyMap<string, string> {
  const text = setting(environment, variable)
  if (text === 'none') return new Map()
  return new Map(
    text.split(',').map((pair) => {
      const [name = '', value = ''] = pair.split('=')
      return [name, value]
    }),
  )
}
