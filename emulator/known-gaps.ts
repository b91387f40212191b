import { isIndispensable } from './resource-types'
import type { PropertyFinding, ReadBack } from './read-back'

/**
 * Properties that MiniStack 1.5.33 takes and forgets, or keeps as something else: what a green deployment does not show. One
 * that it has learned to keep fails the run, and so does a new one of what the recovery stands on.
 */
const FORGOTTEN: readonly string[] = [
  'AWS::Backup::BackupVault.AccessPolicy',
  'AWS::Backup::BackupVault.LockConfiguration',
  // Deletion protection, point-in-time recovery and the key of the table.
  'AWS::DynamoDB::GlobalTable.Replicas',
  'AWS::DynamoDB::GlobalTable.SSESpecification',
  'AWS::EC2::VPCEndpoint.SecurityGroupIds',
  'AWS::Lambda::Function.DeadLetterConfig',
  'AWS::Lambda::Function.KmsKeyArn',
  'AWS::Lambda::Function.ReservedConcurrentExecutions',
  'AWS::Lambda::Function.VpcConfig',
  'AWS::RDS::DBInstance.EnableCloudwatchLogsExports',
  'AWS::RDS::DBInstance.PerformanceInsightsKMSKeyId',
  // A replica becomes a plain instance; moto plays RDS for the adapters.
  'AWS::RDS::DBInstance.SourceDBInstanceIdentifier',
  'AWS::S3::Bucket.BucketEncryption',
  'AWS::S3::Bucket.LifecycleConfiguration',
  'AWS::S3::Bucket.LoggingConfiguration',
  'AWS::S3::Bucket.ObjectLockConfiguration',
  'AWS::S3::Bucket.ObjectLockEnabled',
  'AWS::S3::Bucket.ReplicationConfiguration',
  'AWS::S3::Bucket.Tags',
  'AWS::SNS::Topic.KmsMasterKeyId',
  'AWS::Scheduler::Schedule.KmsKeyArn',
  'AWS::StepFunctions::StateMachine.LoggingConfiguration',
  'AWS::StepFunctions::StateMachine.TracingConfiguration',
]

/** Throws where the list above is not what was read back: a gap has closed, or one that matters has opened. */
export function requireKnownGaps({ declared, findings }: ReadBack, forgotten = FORGOTTEN): void {
  const lost = new Set(findings.filter(({ finding }) => finding !== 'not looked at').map(nameOf))
  const closed = forgotten.filter((name) => declared.includes(name) && !lost.has(name))
  if (closed.length > 0)
    throw new Error(`MiniStack keeps ${closed.join(', ')} by now; take it out of emulator/known-gaps.ts`)
  const opened = findings.filter(
    (found) => lost.has(nameOf(found)) && isIndispensable(found.type) && !forgotten.includes(nameOf(found)),
  )
  if (opened.length > 0)
    throw new Error(
      `MiniStack did not keep ${[...new Set(opened.map(nameOf))].join(', ')}; find out why, or list it in emulator/known-gaps.ts`,
    )
}

const nameOf = ({ type, property }: PropertyFinding): string => `${type}.${property}`

const UNCHECKED_BLOB = 'MiniStack decrypts a blob of another key, and one that was changed'
const KEPT_SOURCE = 'moto names the source of a replica after its promotion too'

/** Contract tests that an emulator fails where AWS, by its documentation, would not; by full name, with the reason. */
const CONTRACT_GAPS: Readonly<Record<string, string>> = {
  'data keys: KMS of MiniStack, two regions refuses what another holder wrapped': UNCHECKED_BLOB,
  'data keys: KMS of MiniStack, two regions refuses what is damaged': UNCHECKED_BLOB,
  'data keys: KMS of MiniStack, two keys of one region refuses what another holder wrapped': UNCHECKED_BLOB,
  'data keys: KMS of MiniStack, two keys of one region refuses what is damaged': UNCHECKED_BLOB,
  'inventory: RDS of moto of what was promoted says primary, and names no source': KEPT_SOURCE,
  'promotion: RDS of moto makes a primary of a replica once, however often and by whatever key it is asked':
    KEPT_SOURCE,
}

interface ContractTest {
  readonly fullName: string
  readonly status: string
}

/**
 * The known gaps among the tests that ran, each with its reason. Throws where a test fails that is not listed, or passes although it is,
 * and where none ran at all.
 */
export function requireKnownContractGaps(ran: readonly ContractTest[], gaps = CONTRACT_GAPS): string[] {
  if (ran.length === 0) throw new Error('no contract test ran')
  const failed = ran.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName)
  const opened = failed.filter((name) => !(name in gaps))
  if (opened.length > 0) throw new Error(`contract tests fail that are no known gaps: ${opened.join('; ')}`)
  const closed = ran.filter(({ fullName, status }) => fullName in gaps && status === 'passed')
  if (closed.length > 0)
    throw new Error(
      `known gaps pass: ${closed.map(({ fullName }) => fullName).join('; ')}; take them out of emulator/known-gaps.ts`,
    )
  return failed.map((name) => `${name}: ${gaps[name]}`)
}
