import { ManagedRuleIdentifiers as MANAGED } from 'aws-cdk-lib/aws-config'
import { demanded } from '../core/access/password-policy'
import type { Policy } from '../core/policy'
import { WRITER_TAG } from '../lambda/contract'
import type { DataRegionRole, Names } from './names'
import { vaultExceptions } from './vault-access'

/** One managed rule of AWS Config that judges something the policy declares. */
export interface PostureRule {
  /** Last part of its name. */
  readonly id: string
  /** What has to hold, in plain words. */
  readonly demands: string
  /** Managed rule, as AWS Config names it. */
  readonly identifier: string
  readonly parameters?: Readonly<Record<string, string>>
  /** What it looks at: every resource of its types, or the databases that write. @default everything that the rule knows */
  readonly looksAt?:
    { readonly types: readonly string[] } | { readonly tag: { readonly key: string; readonly value: string } }
}

const DATABASES = { looksAt: { types: ['AWS::RDS::DBInstance'] } }
const BUCKETS = { looksAt: { types: ['AWS::S3::Bucket'] } }
/** Copies that a restore test makes, and replicas, are databases too, and are neither doubled nor backed up. */
const WRITERS = { looksAt: { tag: WRITER_TAG } }

/** Rules of a data region: none that the declared posture does not keep, none for what it does not declare. */
export function postureRules(policy: Policy, names: Names, role: DataRegionRole): readonly PostureRule[] {
  return [
    ...databaseRules(policy),
    ...recoveryPointRules(policy, names, role),
    ...storageRules,
    ...(role === 'recovery' ? [tableHistory] : []),
    ...(role === names.auditRole ? [...trailRules, ...identityRules(policy)] : []),
    { id: 'detector', demands: 'somebody looks for intruders', identifier: MANAGED.GUARDDUTY_ENABLED_CENTRALIZED },
  ]
}

function databaseRules({ database, backup }: Policy): PostureRule[] {
  return [
    {
      id: 'database-encrypted',
      demands: 'every database is encrypted',
      identifier: MANAGED.RDS_STORAGE_ENCRYPTED,
      ...DATABASES,
    },
    {
      id: 'database-not-public',
      demands: 'no database is reached from the internet',
      identifier: MANAGED.RDS_INSTANCE_PUBLIC_ACCESS_CHECK,
      ...DATABASES,
    },
    {
      id: 'snapshot-not-public',
      demands: 'no snapshot is shared with everybody',
      identifier: MANAGED.RDS_SNAPSHOTS_PUBLIC_PROHIBITED,
    },
    { id: 'snapshot-encrypted', demands: 'every snapshot is encrypted', identifier: MANAGED.RDS_SNAPSHOT_ENCRYPTED },
    ...(database.multiAz
      ? [
          {
            id: 'database-in-two-zones',
            demands: 'what writes has a standby in another zone',
            identifier: MANAGED.RDS_MULTI_AZ_SUPPORT,
            ...WRITERS,
          },
        ]
      : []),
    {
      id: 'database-protected',
      demands: 'what writes cannot be deleted by one call',
      identifier: MANAGED.RDS_INSTANCE_DELETION_PROTECTION_ENABLED,
      ...WRITERS,
    },
    {
      id: 'database-logins',
      demands: 'functions log in to what writes by IAM',
      identifier: MANAGED.RDS_INSTANCE_IAM_AUTHENTICATION_ENABLED,
      ...WRITERS,
    },
    {
      id: 'database-history',
      demands: 'what writes keeps its history for as long as the policy says',
      identifier: MANAGED.RDS_DB_INSTANCE_BACKUP_ENABLED,
      parameters: { backupRetentionPeriod: String(backup.pointInTimeRetentionDays) },
      ...WRITERS,
    },
  ]
}

function recoveryPointRules(policy: Policy, names: Names, role: DataRegionRole): PostureRule[] {
  const { backup } = policy
  return [
    {
      id: 'recovery-point-encrypted',
      demands: 'every recovery point is encrypted',
      identifier: MANAGED.BACKUP_RECOVERY_POINT_ENCRYPTED,
    },
    {
      id: 'recovery-point-kept',
      demands: 'no recovery point ends before the shortest retention of the policy',
      identifier: MANAGED.BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK,
      parameters: { requiredRetentionDays: String(shortestRetentionDays(backup)) },
    },
    {
      id: 'recovery-point-not-deletable',
      demands: 'nobody ends a recovery point but whom the policy names',
      identifier: MANAGED.BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED,
      parameters: vaultExceptions(names, role, policy),
    },
    {
      id: 'plan-is-daily',
      demands: 'each plan backs up daily and keeps it for as long as the policy says',
      identifier: MANAGED.BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK,
      parameters: {
        requiredFrequencyUnit: 'days',
        requiredFrequencyValue: '1',
        requiredRetentionDays: String(backup.snapshotRetentionDays),
      },
    },
  ]
}

/** Continuous backups end first, and the check knows no difference between them and snapshots. */
export const shortestRetentionDays = ({ pointInTimeRetentionDays, snapshotRetentionDays }: Policy['backup']): number =>
  Math.min(pointInTimeRetentionDays, snapshotRetentionDays)

const storageRules: readonly PostureRule[] = [
  {
    id: 'bucket-versioned',
    demands: 'every bucket keeps its versions',
    identifier: MANAGED.S3_BUCKET_VERSIONING_ENABLED,
    ...BUCKETS,
  },
  {
    id: 'bucket-tls',
    demands: 'every bucket refuses what is not encrypted on its way',
    identifier: MANAGED.S3_BUCKET_SSL_REQUESTS_ONLY,
    ...BUCKETS,
  },
  {
    id: 'bucket-not-public',
    demands: 'no bucket can be made public',
    identifier: MANAGED.S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED,
    ...BUCKETS,
  },
  {
    id: 'key-rotated',
    demands: 'every key that encrypts is rotated',
    identifier: MANAGED.CMK_BACKING_KEY_ROTATION_ENABLED,
  },
  {
    id: 'key-kept',
    demands: 'no key is about to be deleted',
    identifier: MANAGED.KMS_CMK_NOT_SCHEDULED_FOR_DELETION,
  },
  {
    id: 'secret-own-key',
    demands: 'every secret is encrypted with a key of our own',
    identifier: MANAGED.SECRETSMANAGER_USING_CMK,
  },
]

/** The table that decides who writes; the primary region has none. */
const tableHistory: PostureRule = {
  id: 'table-history',
  demands: 'every table keeps its history',
  identifier: MANAGED.DYNAMODB_PITR_ENABLED,
}

/**
 * Who can get into the account, judged once: IAM is global, and this region's recorder has it. No rule of AWS forbids users;
 * making one is a sensitive call, and the review of access finds the ones there are.
 */
function identityRules(policy: Policy): PostureRule[] {
  const passwords = demanded(policy)
  return [
    {
      id: 'root-second-factor',
      demands: 'the root user has a second factor',
      identifier: MANAGED.ROOT_ACCOUNT_MFA_ENABLED,
    },
    {
      id: 'root-without-keys',
      demands: 'the root user has no access key',
      identifier: MANAGED.IAM_ROOT_ACCESS_KEY_CHECK,
    },
    {
      id: 'user-second-factor',
      demands: 'every user, and so the one of the last resort, has a second factor',
      identifier: MANAGED.IAM_USER_MFA_ENABLED,
    },
    ...(passwords
      ? [
          {
            id: 'passwords',
            demands: 'passwords of the account are as the policy demands',
            identifier: MANAGED.IAM_PASSWORD_POLICY,
            parameters: {
              MinimumPasswordLength: String(passwords.minimumLength),
              RequireUppercaseCharacters: String(passwords.upperCase),
              RequireLowercaseCharacters: String(passwords.lowerCase),
              RequireNumbers: String(passwords.numbers),
              RequireSymbols: String(passwords.symbols),
              MaxPasswordAge: String(passwords.maxAgeDays),
              PasswordReusePrevention: String(passwords.remembered),
            },
          },
        ]
      : []),
  ]
}

/** Judged whoever runs the trail: one that stands already has to be as good as one of ours. */
const trailRules: readonly PostureRule[] = [
  {
    id: 'trail-everywhere',
    demands: 'a trail records every region',
    identifier: MANAGED.CLOUDTRAIL_MULTI_REGION_ENABLED,
  },
  {
    id: 'trail-signed',
    demands: 'every trail signs its files',
    identifier: MANAGED.CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED,
  },
  {
    id: 'trail-encrypted',
    demands: 'every trail encrypts its files with a key',
    identifier: MANAGED.CLOUD_TRAIL_ENCRYPTION_ENABLED,
  },
]
