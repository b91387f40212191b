import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Privilege } from '../core/access/human-roles'
import { hasRecoveryRegion, type Policy } from '../core/policy'
import { DESK_FUNCTION } from '../lambda/contract'
import type { Names, RegionRole } from './names'
import { runbooksOf } from './runbook-machines'

/** What is bound: the topology that the privileges are about. */
interface Platform {
  readonly policy: Policy
  readonly names: Names
}

/** The statements behind a privilege; none where the topology has nothing that it is about. */
export function statementsOf(privilege: Privilege, platform: Platform): PolicyStatement[] {
  return BOUND[privilege](platform).filter(({ resources }) => resources.length > 0)
}

const allow = (actions: string[], resources: string[], conditions?: Record<string, unknown>): PolicyStatement =>
  new PolicyStatement({ actions, resources, ...(conditions && { conditions }) })

const BOUND: Readonly<Record<Privilege, (platform: Platform) => PolicyStatement[]>> = {
  'see-state': (platform) => [
    // Lists know no resource to name (service authorization reference).
    allow(LISTS, ['*']),
    ...seeing(platform),
  ],
  // Nobody starts a machine by himself: what it is handed would be what he wrote.
  'start-runbooks': (platform) => [...callDesk(platform), allow(['states:StopExecution'], executions(platform))],
  approve: (platform) => callDesk(platform),
  'close-incidents': (platform) => callDesk(platform),
  'ask-for-elevation': (platform) => callDesk(platform),
  'keep-ledger': (platform) => [
    ...callDesk(platform),
    // Seals the fields of a correction, and opens none: a new data key is all that he is given, bound to one entry of the ledger.
    ...(hasRecoveryRegion(platform.policy)
      ? [
          allow(['kms:GenerateDataKey'], [platform.names.anyKeyArn('recovery')], {
            ...byAlias(platform.names, 'database'),
            'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['ledgerEntry'] },
            Null: { 'kms:EncryptionContext:ledgerEntry': 'false' },
          }),
        ]
      : []),
  ],
  'see-ledger': (platform) => callDesk(platform),
  'approve-disposals': (platform) => callDesk(platform),
  'order-disposals': (platform) => [
    ...callDesk(platform),
    ...(hasRecoveryRegion(platform.policy)
      ? [
          allow(
            ['lambda:InvokeFunction'],
            platform.names.dataRoles.map((role) => platform.names.functionArn(role, 'archive-disposal')),
          ),
        ]
      : []),
  ],
  attest: ({ policy, names }) =>
    hasRecoveryRegion(policy)
      ? [
          allow(
            ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
            [names.coordinationTableArn('recovery'), names.coordinationTableArn('witness')],
            { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['tasks'] } },
          ),
          // Its records, their reservations, and the head of its own chain.
          allow(['s3:GetObject', 's3:PutObject'], ownEvidence(names)),
          // Without it S3 answers 403 instead of 404 for the next record, which nothing holds yet. No condition on a prefix:
          // what it would do to that answer is documented nowhere, and the names of records say nothing.
          allow(['s3:ListBucket'], [names.bucketArn('evidence', 'recovery')]),
          allow(['kms:Decrypt', 'kms:GenerateDataKey'], [names.anyKeyArn('recovery')], byAlias(names, 'evidence')),
        ]
      : [],
  'back-up': ({ policy, names }) => [
    allow(
      ['backup:StartBackupJob'],
      names.dataRoles.map((role) => names.vaultArn(role, 'snapshots')),
    ),
    handOver(names.dataRoles.map((role) => names.roleArnOf('backup-database', role))),
    // AWS Backup asks whether the caller may tag and snapshot what it backs up.
    allow(['rds:CreateDBSnapshot', 'rds:AddTagsToResource'], [...databases({ policy, names }), ...snapshots(names)]),
  ],
  // By AWS Backup alone, also to a point in time. Its role holds what a restore needs in RDS and KMS: whoever calls RDS
  // himself would have to be granted `kms:CreateGrant` on the key of the database.
  restore: ({ names }) => [
    allow(
      ['backup:DescribeRecoveryPoint', 'backup:GetRecoveryPointRestoreMetadata', 'backup:StartRestoreJob'],
      [...snapshots(names), ...recoveryPoints(names)],
    ),
    // Jobs have no ARN (service authorization reference).
    allow(['backup:DescribeRestoreJob'], ['*']),
    handOver(names.dataRoles.map((role) => names.roleArnOf('restore-testing', role))),
    // Where a copy can be put, and what became of it: all under names that begin with ours.
    allow(
      ['rds:DescribeDBInstances', 'rds:DescribeDBParameterGroups', 'rds:DescribeDBSubnetGroups'],
      names.dataRoles.flatMap((role) => names.databaseArns(role)),
    ),
  ],
  'restore-configuration': (platform) => callDesk(platform),
  'administer-keys': ({ names }) =>
    names.roles.map((role) =>
      allow(
        [
          'kms:CancelKeyDeletion',
          'kms:EnableKey',
          'kms:EnableKeyRotation',
          'kms:GetKeyPolicy',
          'kms:RotateKeyOnDemand',
        ],
        [names.anyKeyArn(role)],
        { 'ForAnyValue:StringLike': { 'kms:ResourceAliases': `${names.keyAliasPrefix()}*` } },
      ),
    ),
  'read-evidence': ({ names }) => [
    allow(
      ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:ListBucketVersions'],
      names.roles.flatMap((role) => [names.bucketArn('evidence', role), `${names.bucketArn('evidence', role)}/*`]),
    ),
    ...names.roles.map((role) => allow(['kms:Decrypt'], [names.anyKeyArn(role)], byAlias(names, 'evidence'))),
    // Knows no resource either.
    allow(['cloudtrail:LookupEvents'], ['*']),
  ],
  'end-recovery-points': ({ names }) => [
    allow(
      ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'],
      [...snapshots(names), ...recoveryPoints(names)],
    ),
    // A locked vault refuses both to everybody; in governance mode, and in that alone, the lock comes off first.
    // https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
    allow(['backup:DeleteBackupVaultLockConfiguration'], vaults(names)),
  ],
}

const LISTS = [
  'backup:ListBackupJobs',
  'backup:ListCopyJobs',
  'backup:ListRestoreJobs',
  'cloudwatch:GetMetricData',
  'kms:ListAliases',
  'states:ListStateMachines',
]

const seeing = (platform: Platform): PolicyStatement[] => {
  const { names } = platform
  const inEachRegion = (of: (region: string) => string) => names.roles.map((role) => of(names.region(role)))
  return [
    allow(['backup:DescribeBackupVault', 'backup:ListRecoveryPointsByBackupVault'], vaults(names)),
    allow(
      ['cloudwatch:DescribeAlarms'],
      inEachRegion((region) => `arn:aws:cloudwatch:${region}:${names.accountId}:alarm:${names.alarmPrefix}*`),
    ),
    allow(
      ['rds:DescribeDBInstances'],
      names.dataRoles.map((role) => `arn:aws:rds:${names.region(role)}:${names.accountId}:db:${names.databasePrefix}*`),
    ),
    // It looks, and leaves a record of the look.
    allow(
      ['lambda:InvokeFunction'],
      names.dataRoles.flatMap((role) =>
        ['daily-verification', 'compliance-validation', 'health-check'].map((name) => names.functionArn(role, name)),
      ),
    ),
    allow(['states:DescribeStateMachine', 'states:ListExecutions'], machines(platform, 'stateMachine')),
    allow(['states:DescribeExecution', 'states:GetExecutionHistory'], executions(platform)),
    // What a run holds is encrypted, and Step Functions decrypts it for whoever asks, with his own right to the key.
    // https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
    ...names.roles
      .filter((role) => runbooksOf(names, role).length > 0)
      .map((role) =>
        allow(['kms:Decrypt'], [names.anyKeyArn(role)], {
          ...byAlias(names, 'operations'),
          StringEquals: { 'kms:ViaService': `states.${names.region(role)}.amazonaws.com` },
        }),
      ),
  ]
}

/** Where what needs a second person is asked, answered and opened. The function tells who calls; the rest is its business. */
function callDesk({ policy, names }: Platform): PolicyStatement[] {
  if (!hasRecoveryRegion(policy)) return []
  const arn = names.functionArn('recovery', DESK_FUNCTION)
  // Both are asked for since October 2025: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
  return [
    allow(['lambda:InvokeFunctionUrl'], [arn], { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } }),
    allow(['lambda:InvokeFunction'], [arn], { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }),
    allow(['lambda:GetFunctionUrlConfig'], [arn]),
  ]
}

const handOver = (roles: string[]): PolicyStatement =>
  allow(['iam:PassRole'], roles, { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } })

const byAlias = (names: Names, purpose: 'database' | 'evidence' | 'operations') => ({
  'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.keyAlias(purpose) },
})

const ownEvidence = (names: Names): string[] =>
  ['records', 'reservations'].map(
    (kind) => `${names.bucketArn('evidence', 'recovery')}/${kind}/${names.region('recovery')}/operator/*`,
  )

const machines = ({ names }: Platform, kind: 'stateMachine' | 'execution'): string[] =>
  names.roles.flatMap((role: RegionRole) =>
    runbooksOf(names, role).map((runbook) =>
      names.stateMachineArn(role, runbook).replace(':stateMachine:', `:${kind}:`),
    ),
  )
const executions = (platform: Platform): string[] => machines(platform, 'execution').map((arn) => `${arn}:*`)

const databases = ({ policy, names }: Platform): string[] =>
  policy.topology.instances.map(({ region, generation }) => names.databaseArn(region, generation))
/** Recovery points of RDS are snapshots under names that AWS Backup gives. */
const snapshots = (names: Names): string[] =>
  names.dataRoles.map((role) => `arn:aws:rds:${names.region(role)}:${names.accountId}:snapshot:awsbackup:*`)
/** Every other recovery point, such as those that reach back to any moment. */
const recoveryPoints = (names: Names): string[] =>
  names.dataRoles.map((role) => `arn:aws:backup:${names.region(role)}:${names.accountId}:recovery-point:*`)
const vaults = (names: Names): string[] =>
  names.dataRoles.flatMap((role) =>
    (['pitr', 'snapshots', 'copies'] as const).map((kind) => names.vaultArn(role, kind)),
  )
