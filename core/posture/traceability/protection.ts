import type { Policy } from '../../policy'
import { mostDaysIn } from '../../policy/retention'
import type { Trace, Untraced } from './trace'
import { asPolicy, atLeast, customerKey, is, reference } from './wanted'

type Archived = 'phi' | 'pii' | 'financial'

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
  {
    demand: 'files are encrypted at rest, with a key of ours',
    stack: 'archive',
    type: 'AWS::S3::Bucket',
    path: bucketKey,
    wanted: customerKey,
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
    demand: 'access is by roles: logins of the database are those of IAM',
    stack: 'database-primary',
    type: 'AWS::RDS::DBInstance',
    path: 'EnableIAMDatabaseAuthentication',
    wanted: is(true),
    proof: 'template',
  },
]

/** What section 4 asks for and no resource keeps. */
export const PROTECTION_UNTRACED: readonly Untraced[] = [
  { demand: 'TLS 1.3 of the API', because: 'kept by the platform of the API; no resource of ours' },
  { demand: 'PGP for mail', because: 'kept by people and their mail programs; no resource of ours' },
  { demand: 'SFTP with keys', because: 'a resource where `fileTransfer` asks for it, and production does not' },
  { demand: 'second factor, passwords, ends of sessions, lockout', because: 'declared in `access`; no resource yet' },
  { demand: 'elevation for a time, quarterly review of access', because: 'declared in `access`; no resource yet' },
]
