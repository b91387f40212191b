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
