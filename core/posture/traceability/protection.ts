import type { HumanRoleName } from '../../access/human-roles'
import type { Policy } from '../../policy'
import { mostDaysIn } from '../../policy/retention'
import type { Trace, Untraced } from './trace'
import { asPolicy, atLeast, customerKey, endingWith, is, namedActions, reference } from './wanted'

type Archived = 'phi' | 'pii' | 'financial'

/** The word of CloudFormation for the mode of a lock. */
const lockOf = (kept: Policy['archive']['classes'][Archived]): string =>
  kept.mode === 'none' ? 'no archive' : kept.lock.mode.toUpperCase()

const locked = (demand: string, dataClass: Archived): Trace => ({
  demand,
  stack: 'archive',
  type: 'AWS::S3::Bucket',
  named: { property: 'BucketName', holds: `-archive-${dataClass}-` },
  path: 'ObjectLockConfiguration.Rule.DefaultRetention.Days',
  wanted: atLeast(`dataClasses.${dataClass}.retentionYears`, daysOf(dataClass)),
  proof: 'template',
})

const daysOf =
  (dataClass: Archived | 'operational' | 'public') =>
  ({ dataClasses }: Policy): number =>
    mostDaysIn(dataClasses[dataClass].retentionYears)

const bucketKey = 'BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault'

/** The name of a role of people, whatever the environment and the region. */
const roleName = (role: HumanRoleName): RegExp => new RegExp(`^[a-z]+-[a-z]+-${role}-[a-z]{2}-[a-z]+-\\d$`)

/** Section 4: healthcare data protection. */
export const PROTECTION: readonly Trace[] = [
  locked('health data is kept for 25 years', 'phi'),
  locked('data about persons is kept for 10 years', 'pii'),
  locked('financial data is kept for 7 years', 'financial'),
  {
    demand: 'operational data is kept for 2 years: logs',
    stack: 'operations',
    type: 'AWS::Logs::LogGroup',
    path: 'RetentionInDays',
    wanted: atLeast('dataClasses.operational.retentionYears', daysOf('operational')),
    proof: 'template',
  },
  {
    demand: 'operational data is kept for 2 years: evidence',
    stack: 'evidence',
    type: 'AWS::S3::Bucket',
    named: { property: 'BucketName', holds: '-evidence-' },
    path: 'ObjectLockConfiguration.Rule.DefaultRetention.Days',
    wanted: atLeast('dataClasses.operational.retentionYears', daysOf('operational')),
    proof: 'template',
  },
  {
    demand: 'public data is kept for a year: replaced versions',
    stack: 'assets',
    type: 'AWS::S3::Bucket',
    path: 'LifecycleConfiguration.Rules.*.NoncurrentVersionExpiration.NoncurrentDays',
    wanted: atLeast('dataClasses.public.retentionYears', daysOf('public')),
    proof: 'template',
  },
  {
    demand: 'the database is encrypted at rest',
    stack: 'database-primary',
    type: 'AWS::RDS::DBInstance',
    path: 'StorageEncrypted',
    wanted: is(true),
    proof: 'template',
  },
  {
    demand: 'with a key of ours',
    stack: 'database-primary',
    type: 'AWS::RDS::DBInstance',
    path: 'KmsKeyId',
    wanted: reference,
    proof: 'template',
  },
  ...(['archive', 'assets', 'code', 'configuration'] as const).map((stack): Trace => ({
    demand: `files are encrypted at rest, with a key of ours: ${stack}`,
    stack,
    type: 'AWS::S3::Bucket',
    path: bucketKey,
    wanted: customerKey,
    proof: 'template',
  })),
  {
    demand: 'files are encrypted at rest, with a key of ours: evidence',
    stack: 'evidence',
    type: 'AWS::S3::Bucket',
    named: { property: 'BucketName', holds: '-evidence-' },
    path: bucketKey,
    wanted: customerKey,
    proof: 'template',
  },
  ...(['phi', 'pii', 'financial'] as const).map((dataClass): Trace => ({
    demand: `protection of a class: ${dataClass} has a default lock of its own, in a bucket of its own`,
    stack: 'archive',
    type: 'AWS::S3::Bucket',
    named: { property: 'BucketName', holds: `-archive-${dataClass}-` },
    path: 'ObjectLockConfiguration.Rule.DefaultRetention.Mode',
    wanted: asPolicy(`archive.classes.${dataClass}.lock.mode`, ({ archive }) => lockOf(archive.classes[dataClass])),
    proof: 'template',
  })),
  {
    demand: 'protection of a class: operational data of ours is locked',
    stack: 'evidence',
    type: 'AWS::S3::Bucket',
    named: { property: 'BucketName', holds: '-evidence-' },
    path: 'ObjectLockEnabled',
    wanted: is(true),
    proof: 'template',
  },
  {
    demand: 'protection of a class: what is public is published by the platform, never by the bucket',
    stack: 'assets',
    type: 'AWS::S3::Bucket',
    path: 'PublicAccessBlockConfiguration.RestrictPublicBuckets',
    wanted: is(true),
    proof: 'template',
  },
  {
    demand: 'our keys are renewed',
    stack: 'keys',
    type: 'AWS::KMS::Key',
    named: { property: 'KeySpec', holds: 'SYMMETRIC_DEFAULT' },
    path: 'EnableKeyRotation',
    wanted: is(true),
    proof: 'template',
  },
  {
    demand: 'the database speaks nothing older than the TLS of the policy',
    stack: 'database-primary',
    type: 'AWS::RDS::DBParameterGroup',
    path: 'Parameters.ssl_min_protocol_version',
    wanted: asPolicy('database.tlsMinimum', ({ database }) => database.tlsMinimum),
    proof: 'template',
  },
  {
    demand: 'nor does its replica, which is the database after a failover',
    stack: 'replica-recovery',
    type: 'AWS::RDS::DBParameterGroup',
    path: 'Parameters.ssl_min_protocol_version',
    wanted: asPolicy('database.tlsMinimum', ({ database }) => database.tlsMinimum),
    proof: 'template',
  },
  ...(['database-primary', 'replica-recovery', 'restore-testing'] as const).map((stack): Trace => ({
    demand: `the database refuses whoever speaks without TLS: ${stack}`,
    stack,
    type: 'AWS::RDS::DBParameterGroup',
    path: 'Parameters.rds.force_ssl',
    wanted: is('1'),
    proof: 'template',
  })),
  {
    demand: 'access is by roles: logins of the database are those of IAM',
    stack: 'database-primary',
    type: 'AWS::RDS::DBInstance',
    path: 'EnableIAMDatabaseAuthentication',
    wanted: is(true),
    proof: 'template',
  },
  ...(
    ['operator', 'backup-operator', 'incident-commander', 'auditor', 'records-commission', 'break-glass'] as const
  ).flatMap(standing),
  ...(['restore-operator', 'key-administrator'] as const).map((role): Trace => ({
    demand: `sensitive rights are granted for one task: nobody takes the role ${role} but by the desk`,
    stack: 'access',
    type: 'AWS::IAM::Role',
    named: { property: 'RoleName', is: roleName(role) },
    path: 'AssumeRolePolicyDocument.Statement.*.Principal.AWS',
    wanted: endingWith('role of the desk', ({ topology }) =>
      'recovery' in topology.regions ? `-desk-${topology.regions.recovery}` : '',
    ),
    proof: 'template',
    alsoBy: ['test/core/access/elevation.test.ts'],
  })),
  ...(['access', 'runbooks', 'operations', 'configuration'] as const).map((stack): Trace => ({
    demand: `least privilege: every action is allowed by its name in ${stack}`,
    stack,
    type: 'AWS::IAM::ManagedPolicy',
    path: 'PolicyDocument.Statement.*.Action',
    wanted: namedActions,
    proof: 'template',
    alsoBy: ['test/invariants/tree.test.ts', 'test/core/access/human-roles.test.ts'],
  })),
  {
    demand: 'the desk knows who asks',
    stack: 'access',
    type: 'AWS::Lambda::Url',
    path: 'AuthType',
    wanted: is('AWS_IAM'),
    proof: 'template, and run on emulators',
  },
  {
    demand: 'access is reviewed each quarter',
    stack: 'operations-recovery',
    type: 'AWS::Scheduler::Schedule',
    named: { property: 'Name', holds: 'access-review' },
    path: 'ScheduleExpression',
    wanted: asPolicy('calendar.due.quarterly', ({ calendar }) => calendar.due.quarterly),
    proof: 'template',
  },
]

/** What holds whoever takes a role of people by itself. */
function standing(role: HumanRoleName): readonly Trace[] {
  const own = {
    stack: 'access',
    type: 'AWS::IAM::Role',
    named: { property: 'RoleName', is: roleName(role) },
    proof: 'template' as const,
  }
  const condition = 'AssumeRolePolicyDocument.Statement.*.Condition'
  return [
    {
      ...own,
      demand: `a second factor is asked of whoever takes the role ${role}`,
      path: `${condition}.Bool.aws:MultiFactorAuthPresent`,
      wanted: is('true'),
    },
    {
      ...own,
      demand: `and it is not old: ${role}`,
      path: `${condition}.NumericLessThan.aws:MultiFactorAuthAge`,
      wanted: asPolicy('people.mfaMaxAgeMinutes', ({ people }) => people.mfaMaxAgeMinutes * 60),
    },
  ]
}

/** What section 4 asks for and no resource keeps. */
export const PROTECTION_UNTRACED: readonly Untraced[] = [
  { demand: 'TLS 1.3 of the API', because: 'kept by the platform of the API; no resource of ours' },
  { demand: 'PGP for mail', because: 'kept by people and their mail programs; no resource of ours' },
  {
    demand: 'the certificate of the database is validated',
    because:
      'kept by each client, by docs/client-recipe.md; ours refuse another authority or name (`adapters/postgres/connect.ts`), and no test plants one',
  },
  {
    demand: 'SFTP with SSH keys',
    because:
      'no partner exchanges files, so that production has no server; where `fileTransfer` asks for one it takes keys alone',
    test: 'test/lib/file-transfer.test.ts',
  },
  {
    demand: 'twelve mixed characters, as set in the account',
    because: 'CloudFormation has no resource for it; the function `password-policy` sets it each day',
    test: 'test/core/access/password-policy.test.ts',
  },
  {
    demand: 'a role for one task ends after the minutes of the policy',
    because: 'no role can have sessions that short; the function `desk` asks STS for them',
    test: 'test/core/access/elevation.test.ts',
  },
  {
    demand: 'lockout after failed attempts, idle ends of the application',
    because: 'kept where people have their identities, and by the application; no resource of ours',
  },
]
