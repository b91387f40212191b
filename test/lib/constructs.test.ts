import { Match } from 'aws-cdk-lib/assertions'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { IRREVERSIBLE } from '../../core/policy/irreversible'
import { DataKey } from '../../lib/constructs/data-key'
import { FailoverRecord, type FailoverRecordProps } from '../../lib/constructs/failover-record'
import { LockedBucket, type LockedBucketProps } from '../../lib/constructs/locked-bucket'
import { LockedVault, type LockedVaultProps } from '../../lib/constructs/locked-vault'
import { TrafficSwitchBucket, type TrafficSwitchBucketProps } from '../../lib/constructs/traffic-switch-bucket'
import { synthOne } from './synth'

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234'

describe('DataKey', () => {
  const synth = (use: 'encrypt' | 'sign') =>
    synthOne((scope) => new DataKey(scope, 'Key', { alias: 'alias/x', description: 'x', use }))

  test('denies everybody deletion and disabling', () => {
    synth('encrypt').hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: ['kms:DisableKey', 'kms:ScheduleKeyDeletion'],
          }),
        ]),
      },
    })
  })

  test('rotates where KMS can rotate and signs with P-256 where it cannot', () => {
    synth('encrypt').hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true })
    synth('sign').hasResourceProperties('AWS::KMS::Key', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  })
})

describe('LockedVault', () => {
  const synth = (overrides: Partial<LockedVaultProps>) =>
    synthOne(
      (scope) =>
        new LockedVault(scope, 'Vault', {
          vaultName: 'vault',
          key: Key.fromKeyArn(scope, 'Key', KEY_ARN),
          lock: { mode: 'governance', minRetentionDays: 1, maxRetentionDays: 35 },
          retentionDays: 35,
          ...overrides,
        }),
    )

  test('a governance lock never carries the date after which nobody can undo it', () => {
    synth({}).hasResourceProperties('AWS::Backup::BackupVault', {
      LockConfiguration: { MinRetentionDays: 1, MaxRetentionDays: 35, ChangeableForDays: Match.absent() },
    })
  })

  test('fails when the lock admits none of the backups written into the vault', () => {
    const lock = { mode: 'governance', minRetentionDays: 90, maxRetentionDays: 400 } as const
    expect(() => synth({ lock })).toThrow(/admits 90 to 400 days, but its backups are kept 35 days/)
  })

  test('fails when a compliance lock lacks the sentence that accepts it', () => {
    const lock = { mode: 'compliance', minRetentionDays: 1, maxRetentionDays: 35, changeableForDays: 3 } as const
    expect(() => synth({ lock: { ...lock, irreversibleAcknowledgement: 'yes' } })).toThrow(/needs the sentence/)
    synth({ lock: { ...lock, irreversibleAcknowledgement: IRREVERSIBLE } }).hasResourceProperties(
      'AWS::Backup::BackupVault',
      { LockConfiguration: { ChangeableForDays: 3 } },
    )
  })

  test('fails when an unlocked vault gives no reason', () => {
    expect(() => synth({ lock: { mode: 'none', reason: ' ' } })).toThrow(/needs a written reason/)
  })
})

describe('LockedBucket', () => {
  const synth = (overrides: Partial<LockedBucketProps>) =>
    synthOne(
      (scope) =>
        new LockedBucket(scope, 'Evidence', {
          bucketName: 'evidence',
          key: Key.fromKeyArn(scope, 'Key', KEY_ARN),
          accessLogs: Bucket.fromBucketName(scope, 'Logs', 'logs'),
          lock: { mode: 'governance' },
          days: 731,
          ...overrides,
        }),
    )

  test('locks what is written and denies everybody deletion', () => {
    const template = synth({})
    template.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 731 } } },
      VersioningConfiguration: { Status: 'Enabled' },
    })
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Sid: 'NobodyDeletes', Effect: 'Deny' })]),
      },
    })
  })

  test("copies only the region's own prefixes, within 15 minutes, encrypted by the other region's alias", () => {
    synth({
      replica: {
        roleName: 'replication',
        prefixes: ['records/eu-west-1/'],
        destination: {
          bucketName: 'copy',
          bucketArn: 'arn:aws:s3:::copy',
          region: 'eu-central-1',
          keyAlias: 'alias/evidence',
          keyAliasArn: 'arn:aws:kms:eu-central-1:111122223333:alias/evidence',
          anyKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/*',
        },
      },
    }).hasResourceProperties('AWS::S3::Bucket', {
      ReplicationConfiguration: {
        Rules: [
          Match.objectLike({
            Filter: { Prefix: 'records/eu-west-1/' },
            Destination: Match.objectLike({
              EncryptionConfiguration: { ReplicaKmsKeyID: 'arn:aws:kms:eu-central-1:111122223333:alias/evidence' },
              ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } },
            }),
          }),
        ],
      },
    })
  })

  test('fails when a compliance lock lacks the sentence that accepts it', () => {
    expect(() => synth({ lock: { mode: 'compliance', irreversibleAcknowledgement: '' } })).toThrow(/needs the sentence/)
  })
})

describe('TrafficSwitchBucket', () => {
  const synth = (overrides: Partial<TrafficSwitchBucketProps>) =>
    synthOne(
      (scope) =>
        new TrafficSwitchBucket(scope, 'Switch', {
          bucketName: 'switch',
          accessLogs: Bucket.fromBucketName(scope, 'Logs', 'logs'),
          readableKeys: ['a', 'b'],
          checkerRanges: ['15.177.0.0/18'],
          ...overrides,
        }),
    )

  test('lets anonymous readers get exactly its keys, only from the given addresses', () => {
    synth({}).hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 's3:GetObject',
            Condition: { IpAddress: { 'aws:SourceIp': ['15.177.0.0/18'] } },
            Resource: [Match.objectLike({}), Match.objectLike({})],
          }),
        ]),
      },
    })
  })

  test('is encrypted by S3, since a checker holds no key', () => {
    synth({}).hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    })
  })

  test.each(['0.0.0.0/0', '10.0.0.0/8', 'anywhere'])('fails when a checker range is %s', (range) => {
    expect(() => synth({ checkerRanges: [range] })).toThrow(/IPv4 CIDR of \/16 or narrower/)
  })
})

describe('FailoverRecord', () => {
  const place = (name: string) =>
    ({
      place: name,
      host: name,
      key: 'traffic-in-recovery',
      requestIntervalSeconds: 10,
      consecutiveFailures: 3,
    }) as const
  const synth = (side: FailoverRecordProps['side']) =>
    synthOne(
      (scope) =>
        new FailoverRecord(scope, 'Record', { hostedZoneId: 'Z1', name: 'db.x', target: 'y', ttlSeconds: 60, side }),
    )

  test('the primary side is in service only while both inverted checks say so', () => {
    const template = synth({ kind: 'primary', switches: [place('recovery'), place('witness')] })
    template.resourcePropertiesCountIs('AWS::Route53::HealthCheck', { HealthCheckConfig: { Inverted: true } }, 2)
    template.hasResourceProperties('AWS::Route53::HealthCheck', {
      HealthCheckConfig: { Type: 'CALCULATED', HealthThreshold: 2 },
    })
    template.hasResourceProperties('AWS::Route53::RecordSet', { Failover: 'PRIMARY', HealthCheckId: Match.anyValue() })
  })

  test('the secondary side carries no check', () => {
    const template = synth({ kind: 'secondary' })
    template.resourceCountIs('AWS::Route53::HealthCheck', 0)
    template.hasResourceProperties('AWS::Route53::RecordSet', { Failover: 'SECONDARY', HealthCheckId: Match.absent() })
  })
})
