import type { Policy } from '../policy'
import type { Scenario, Severity } from './scenarios'

/** A value that makes a call a sensitive one: that value, what a wildcard of EventBridge covers, or less than the policy demands. */
export type Wanted =
  string | number | boolean | { readonly wildcard: string } | { readonly below: 'point-in-time-retention-days' }

/** Calls that do one kind of harm to what recovery rests on. */
export interface SensitiveCall {
  /** What has happened, in plain words. */
  readonly title: string
  /** Names of the calls as CloudTrail writes them, by the service that was called: `backup` for `backup.amazonaws.com`. */
  readonly calls: Readonly<Record<string, readonly string[]>>
  /**
   * Parameters that make the call one of these, by name, with the values that do; a wildcard is as EventBridge reads it.
   * @default whatever they are
   */
  readonly having?: Readonly<Record<string, readonly Wanted[]>>
  /** Whether a reviewed deployment makes such calls too: then those of its role are none of these. */
  readonly byDeployment: 'expected' | 'never'
  /** Functions of ours that make such calls too: then those of their roles are none of these. @default none of them does */
  readonly byFunctions?: readonly string[]
  /** Who it has to be that signs in; for events of the sign-in page, which are no calls. @default it is a call */
  readonly signIn?: 'root'
  /** Of the incident where the call was allowed; one that was refused is a grade milder. */
  readonly severity: Severity
  readonly opens: Scenario
  /** Its section under docs/runbooks: Meaning, Check, Act, When not to. */
  readonly guide: `sensitive-calls.md#${string}`
}

/**
 * Every call that opens an incident by itself, allowed or refused: who tries to end a recovery point has to be found either
 * way. IAM and Route 53 are called in us-east-1, whatever region the caller is in.
 */
export const SENSITIVE_CALLS = {
  'recovery-point-ended': {
    title: 'Somebody deletes a recovery point or shortens its life',
    calls: {
      backup: ['DeleteRecoveryPoint', 'DisassociateRecoveryPoint', 'UpdateRecoveryPointLifecycle'],
      rds: ['DeleteDBInstanceAutomatedBackup', 'DeleteDBSnapshot'],
    },
    byDeployment: 'never',
    severity: 'critical',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#recovery-point-ended',
  },
  'vault-weakened': {
    title: 'Somebody changes the lock or the policy of a vault',
    calls: {
      backup: [
        'DeleteBackupVault',
        'DeleteBackupVaultAccessPolicy',
        'DeleteBackupVaultLockConfiguration',
        'PutBackupVaultAccessPolicy',
        'PutBackupVaultLockConfiguration',
      ],
    },
    byDeployment: 'expected',
    severity: 'critical',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#vault-weakened',
  },
  'backups-stopped': {
    title: 'Somebody stops backups, or changes what they take in',
    calls: {
      backup: ['DeleteBackupPlan', 'DeleteBackupSelection', 'StopBackupJob', 'UpdateBackupPlan'],
      dynamodb: ['UpdateContinuousBackups'],
    },
    byDeployment: 'expected',
    severity: 'high',
    opens: 'weakened-protection',
    guide: 'sensitive-calls.md#backups-stopped',
  },
  'history-shortened': {
    title: 'Somebody shortens the history of a database, or switches it off',
    calls: { rds: ['ModifyDBInstance'] },
    having: { backupRetentionPeriod: [{ below: 'point-in-time-retention-days' }] },
    byDeployment: 'never',
    severity: 'critical',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#backups-stopped',
  },
  'replica-promoted': {
    title: 'Somebody promotes a replica outside of a failover',
    calls: { rds: ['PromoteReadReplica'] },
    byDeployment: 'never',
    byFunctions: ['runbook-promote'],
    severity: 'critical',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#replica-promoted',
  },
  'replication-stopped': {
    title: 'Somebody stops or redirects copies to another region',
    calls: {
      rds: ['StopDBInstanceAutomatedBackupsReplication'],
      s3: ['DeleteBucketReplication', 'PutBucketReplication'],
    },
    byDeployment: 'expected',
    severity: 'high',
    opens: 'weakened-protection',
    guide: 'sensitive-calls.md#replication-stopped',
  },
  'key-disabled': {
    title: 'Somebody takes a key out of use',
    calls: { kms: ['DisableKey', 'ScheduleKeyDeletion'] },
    byDeployment: 'never',
    severity: 'critical',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#key-disabled',
  },
  'key-changed': {
    title: 'Somebody changes who may use a key, or which key a name means',
    calls: { kms: ['DeleteAlias', 'DisableKeyRotation', 'PutKeyPolicy', 'UpdateAlias'] },
    byDeployment: 'expected',
    severity: 'high',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#key-changed',
  },
  'database-deleted': {
    title: 'Somebody deletes a database or the table that decides who writes',
    calls: { dynamodb: ['DeleteTable'], rds: ['DeleteDBInstance'] },
    byDeployment: 'never',
    severity: 'critical',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#database-deleted',
  },
  'deletion-protection-lifted': {
    title: 'Somebody lifts the protection of a database from deletion',
    calls: { rds: ['ModifyDBInstance'] },
    having: { deletionProtection: [false] },
    byDeployment: 'never',
    severity: 'critical',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#database-deleted',
  },
  'snapshot-shared': {
    title: 'Somebody shares a snapshot of the database with another account',
    calls: { rds: ['ModifyDBSnapshotAttribute'] },
    byDeployment: 'never',
    severity: 'critical',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#snapshot-shared',
  },
  'bucket-opened': {
    title: 'Somebody changes the lock, the versions or the policy of a bucket',
    calls: {
      s3: [
        'DeleteBucketEncryption',
        'DeleteBucketPolicy',
        'DeleteBucketPublicAccessBlock',
        'PutBucketLifecycle',
        // S3 names the permission so, and its API the call without `Bucket`; which one CloudTrail writes is not verified.
        'PutBucketObjectLockConfiguration',
        'PutObjectLockConfiguration',
        'PutBucketPolicy',
        'PutBucketVersioning',
      ],
    },
    byDeployment: 'expected',
    severity: 'high',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#bucket-opened',
  },
  'trail-stopped': {
    title: 'Somebody stops what records, or what looks for intruders',
    calls: {
      cloudtrail: ['DeleteTrail', 'StopLogging'],
      config: ['DeleteConfigurationRecorder', 'DeleteDeliveryChannel', 'StopConfigurationRecorder'],
      guardduty: ['CreateFilter', 'DeleteDetector'],
    },
    byDeployment: 'never',
    severity: 'critical',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#trail-stopped',
  },
  'watch-weakened': {
    title: 'Somebody changes what is recorded, or whom an alarm reaches',
    calls: {
      cloudtrail: ['PutEventSelectors', 'UpdateTrail'],
      events: ['DeleteRule', 'DisableRule', 'PutRule', 'PutTargets', 'RemoveTargets'],
      guardduty: ['UpdateDetector'],
      monitoring: ['DeleteAlarms', 'DisableAlarmActions', 'PutCompositeAlarm', 'PutMetricAlarm', 'SetAlarmState'],
      scheduler: ['DeleteSchedule', 'UpdateSchedule'],
      sns: ['DeleteTopic', 'RemovePermission', 'SetSubscriptionAttributes', 'SetTopicAttributes', 'Unsubscribe'],
    },
    byDeployment: 'expected',
    severity: 'high',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#watch-weakened',
  },
  'function-changed': {
    title: 'Somebody changes a function outside of a deployment',
    calls: {
      lambda: [
        'DeleteFunction20150331',
        'PutFunctionConcurrency20171031',
        'UpdateFunctionCode20150331v2',
        'UpdateFunctionConfiguration20150331v2',
      ],
    },
    byDeployment: 'expected',
    severity: 'high',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#function-changed',
  },
  'identity-made': {
    title: 'Somebody makes a user, a password or a key, or changes who may take a role',
    calls: {
      iam: ['CreateAccessKey', 'CreateLoginProfile', 'CreateUser', 'DeactivateMFADevice', 'UpdateAssumeRolePolicy'],
    },
    byDeployment: 'expected',
    severity: 'high',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#identity-made',
  },
  'rights-changed': {
    title: 'Somebody changes what a role, a user or a group may do',
    calls: {
      iam: [
        'AddUserToGroup',
        'AttachGroupPolicy',
        'AttachRolePolicy',
        'AttachUserPolicy',
        'CreatePolicyVersion',
        'DeleteGroupPolicy',
        'DeleteRolePermissionsBoundary',
        'DeleteRolePolicy',
        'DeleteUserPermissionsBoundary',
        'DeleteUserPolicy',
        'DetachGroupPolicy',
        'DetachRolePolicy',
        'DetachUserPolicy',
        'PutGroupPolicy',
        'PutRolePermissionsBoundary',
        'PutRolePolicy',
        'PutUserPermissionsBoundary',
        'PutUserPolicy',
        'SetDefaultPolicyVersion',
      ],
    },
    byDeployment: 'expected',
    severity: 'high',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#rights-changed',
  },
  'root-signed-in': {
    title: 'Somebody signs in as the root user of the account',
    calls: { signin: ['ConsoleLogin'] },
    signIn: 'root',
    byDeployment: 'never',
    severity: 'critical',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#root-signed-in',
  },
  'passwords-weakened': {
    title: 'Somebody changes how passwords of the account have to be',
    calls: { iam: ['DeleteAccountPasswordPolicy', 'UpdateAccountPasswordPolicy'] },
    byDeployment: 'never',
    byFunctions: ['password-policy'],

    severity: 'high',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#passwords-weakened',
  },
  'break-glass-opened': {
    title: 'Somebody opens the last resort',
    calls: { sts: ['AssumeRole'] },
    having: { roleArn: [{ wildcard: '*:role/*-break-glass-*' }] },
    byDeployment: 'never',
    severity: 'critical',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#break-glass-opened',
  },
  'health-check-changed': {
    title: 'Somebody changes what moves the traffic between the regions',
    calls: { route53: ['DeleteHealthCheck', 'DeleteHostedZone', 'UpdateHealthCheck'] },
    byDeployment: 'expected',
    severity: 'high',
    opens: 'security-incident',
    guide: 'sensitive-calls.md#health-check-changed',
  },
} as const satisfies Readonly<Record<string, SensitiveCall>>

/** A call as the trail tells of it. */
export interface RecordedCall {
  /** Host of the service, such as `backup.amazonaws.com`. */
  readonly service: string
  readonly name: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly refused: boolean
}

type Demands = Pick<Policy, 'backup'>

/** The number below which a parameter makes a call a sensitive one. */
export const limitOf = ({ backup }: Demands, wanted: { readonly below: 'point-in-time-retention-days' }): number =>
  ({ 'point-in-time-retention-days': backup.pointInTimeRetentionDays })[wanted.below]

/** The kind of sensitive call that a call is of, with its id; undefined for every other call. */
export function sensitiveCallOf(
  policy: Demands,
  call: RecordedCall,
): { readonly id: string; readonly kind: SensitiveCall } | undefined {
  const found = Object.entries<SensitiveCall>(SENSITIVE_CALLS).find(([, kind]) => isOf(policy, kind, call))
  return found && { id: found[0], kind: found[1] }
}

const isOf = (
  policy: Demands,
  { calls, having = {} }: SensitiveCall,
  { service, name, parameters }: RecordedCall,
): boolean =>
  Object.entries(calls).some(([host, names]) => service === `${host}.amazonaws.com` && names.includes(name)) &&
  Object.entries(having).every(([parameter, values]) =>
    values.some((value) => fits(policy, parameters[parameter], value)),
  )

function fits(policy: Demands, found: unknown, wanted: Wanted): boolean {
  if (typeof wanted !== 'object') return found === wanted
  if ('below' in wanted) return typeof found === 'number' && found < limitOf(policy, wanted)
  return typeof found === 'string' && new RegExp(`^${wanted.wildcard.split('*').map(escaped).join('.*')}$`).test(found)
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
