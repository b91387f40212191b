import { Stack, type StackProps } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { Policy } from '../../core/policy'
import { EventTrigger } from '../constructs/event-trigger'
import { FunctionFleet, type FunctionFleetProps } from '../constructs/function-fleet'
import { FunctionSchedule } from '../constructs/function-schedule'
import { LockedBucket } from '../constructs/locked-bucket'
import { ReplicatedSecret } from '../constructs/replicated-secret'
import type { DataRegionRole } from '../names'

export interface ConfigurationStackProps extends StackProps, FunctionFleetProps {
  readonly role: DataRegionRole
  readonly copies: Policy['configuration']
  readonly secrets: readonly string[]
  /** Paths of the settings that are copied. */
  readonly paths: readonly string[]
  readonly retentionDays: number
  readonly copyKey: IKey
  readonly accessLogs: IBucket
}

/** Copies of the configuration in one region, and what brings each change of its own settings into both. */
export class ConfigurationStack extends Stack {
  constructor(scope: Construct, id: string, props: ConfigurationStackProps) {
    super(scope, id, props)
    const { role, copies, copyKey, key } = props
    const { names } = props.around
    new LockedBucket(this, 'Copies', {
      bucketName: names.bucket('configuration', role),
      key: copyKey,
      accessLogs: props.accessLogs,
      lock: copies.lock,
      days: props.retentionDays,
      expiry: 'after-lock',
    })
    // Made in one region, replicated by Secrets Manager into the other: a second original there would refuse the replica.
    if (role === 'primary')
      for (const name of props.secrets)
        new ReplicatedSecret(this, `Secret-${name}`, {
          secretName: names.secret(name),
          description: `Secret '${name}' of the application; its owner puts the value`,
          key: copyKey,
          ...(names.dataRoles.includes('recovery') && {
            replica: { region: names.region('recovery'), kmsKeyId: names.keyAliasArn('recovery', 'configuration') },
          }),
        })
    const fleet = new FunctionFleet(this, 'Functions', props)
    const [copy, backup] = [fleet.find('configuration-copy'), fleet.find('configuration-backup')]
    if (!copy || !backup) throw new Error(`nothing copies the configuration of '${names.region(role)}'`)
    new EventTrigger(this, 'SettingChanged', {
      ruleName: names.eventRule('setting-changed'),
      pattern: {
        source: ['aws.ssm'],
        'detail-type': ['Parameter Store Change'],
        detail: { name: props.paths.map((path) => ({ prefix: `${path}/` })) },
      },
      targets: [copy, backup],
    })
    // Values travel by replication of the secret itself; what is backed up is which version is in force. Secrets Manager
    // tells EventBridge through CloudTrail only, so that the account needs a trail.
    new EventTrigger(this, 'SecretChanged', {
      ruleName: names.eventRule('secret-changed'),
      pattern: {
        source: ['aws.secretsmanager'],
        'detail-type': ['AWS API Call via CloudTrail', 'AWS Service Event via CloudTrail'],
        detail: { eventName: SECRET_CHANGES },
      },
      targets: [backup],
    })
    new FunctionSchedule(this, 'BackupSchedule', {
      scheduleName: names.function('configuration-backup'),
      roleName: names.role('configuration-backup-schedule', role),
      target: backup,
      key,
      everyMinutes: copies.backupEveryMinutes,
    })
  }
}

// https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
const SECRET_CHANGES = [
  'CreateSecret',
  'DeleteSecret',
  'PutSecretValue',
  'RestoreSecret',
  'RotationSucceeded',
  'UpdateSecret',
  'UpdateSecretVersionStage',
]
