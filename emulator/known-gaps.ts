import { isIndispensable } from './resource-types'
import type { PropertyFinding, ReadBack } from './read-back'

/**
 * Values that MiniStack 1.5.33 takes and forgets, or keeps as something else: what a green deployment does not show. An
 * entry stands for everything below it.
 */
const FORGOTTEN: readonly string[] = [
  'AWS::Backup::BackupVault.AccessPolicy',
  'AWS::Backup::BackupVault.LockConfiguration',
  'AWS::DynamoDB::GlobalTable.Replicas[].DeletionProtectionEnabled',
  'AWS::DynamoDB::GlobalTable.Replicas[].PointInTimeRecoverySpecification',
  'AWS::DynamoDB::GlobalTable.Replicas[].SSESpecification',
  'AWS::DynamoDB::GlobalTable.Replicas[].Tags',
  'AWS::DynamoDB::GlobalTable.SSESpecification',
  'AWS::EC2::VPCEndpoint.PrivateDnsEnabled',
  'AWS::EC2::VPCEndpoint.SecurityGroupIds',
  'AWS::ECS::TaskDefinition.RuntimePlatform',
  'AWS::ECS::TaskDefinition.Volumes[].Name',
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
  'AWS::Scheduler::Schedule.ScheduleExpressionTimezone',
  'AWS::StepFunctions::StateMachine.LoggingConfiguration',
  'AWS::StepFunctions::StateMachine.TracingConfiguration',
]

/** Values of what the recovery stands on that no service tells: nobody can say what became of them. */
const UNTOLD: readonly string[] = [
  'AWS::RDS::DBInstance.DeleteAutomatedBackups',
  'AWS::RDS::DBInstance.MasterUserPassword',
  'AWS::RDS::DBInstance.SourceRegion',
]

const UNSEEN: ReadonlySet<string> = new Set(['not compared', 'not looked at'])

/**
 * Throws where the lists above are not what was read back: a gap has closed or opened, an entry says more than was lost, or a
 * value of what the recovery stands on was not looked at.
 */
export function requireKnownGaps(
  { declared, findings }: ReadBack,
  { forgotten = FORGOTTEN, untold = UNTOLD }: { forgotten?: readonly string[]; untold?: readonly string[] } = {},
): void {
  const lost = findings.filter(({ finding }) => !UNSEEN.has(finding)).map(nameOf)
  const unseen = findings.filter(({ finding, type }) => UNSEEN.has(finding) && isIndispensable(type)).map(nameOf)
  for (const [entries, found] of [
    [forgotten, lost],
    [untold, unseen],
  ] as const) {
    const closed = entries.flatMap((entry) => declared.filter((name) => covers(entry, name) && !found.includes(name)))
    if (closed.length > 0)
      throw new Error(
        `${namesOf(closed)} can be read back by now; take it out of emulator/known-gaps.ts, or name there only what is still lost`,
      )
  }
  const opened = lost.filter((name) => !isCovered(forgotten, name))
  if (opened.length > 0)
    throw new Error(
      `MiniStack did not keep ${namesOf(opened)}; find out why, or list it in emulator/known-gaps.ts as forgotten`,
    )
  const blind = unseen.filter((name) => !isCovered(untold, name))
  if (blind.length > 0)
    throw new Error(
      `nobody looked at ${namesOf(blind)}, which the recovery stands on; read it in emulator/read-back, or list it in emulator/known-gaps.ts as untold`,
    )
}

/** Throws where an entry is about what no template declares. Holds for the environment with the most, which is production. */
export function requireNoStaleGaps(
  { declared }: ReadBack,
  entries: readonly string[] = [...FORGOTTEN, ...UNTOLD],
): void {
  const stale = entries.filter((entry) => !declared.some((name) => covers(entry, name)))
  if (stale.length > 0)
    throw new Error(`no template declares ${namesOf(stale)} any more; take it out of emulator/known-gaps.ts`)
}

const covers = (entry: string, name: string): boolean =>
  name === entry || name.startsWith(`${entry}.`) || name.startsWith(`${entry}[]`)

const isCovered = (entries: readonly string[], name: string): boolean => entries.some((entry) => covers(entry, name))

const nameOf = ({ type, property }: PropertyFinding): string => `${type}.${property}`
const namesOf = (names: readonly string[]): string => [...new Set(names)].join(', ')

/** Why a contract test fails, and what Jest says then: another failure of the same test is no known gap. */
export interface ContractGap {
  readonly why: string
  readonly saying: RegExp
}

const UNCHECKED_BLOB = 'MiniStack decrypts a blob of another key, and one that was changed'
const FOREIGN_BLOB = { why: UNCHECKED_BLOB, saying: /toContain[^]*Expected value: "unwrapped"/ }
const CHANGED_BLOB = { why: UNCHECKED_BLOB, saying: /Received promise resolved instead of rejected/ }
const KEPT_SOURCE = {
  why: 'moto names the source of a replica after its promotion too',
  saying: /(Expected: "primary"\s+Received: "replica"|- +"role": "primary",\s+\+ +"role": "replica")/,
}

// What a request leaves out falls back to the default:
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html
const PARTIAL_POLICY = {
  why: 'MiniStack keeps of a password policy what its successor leaves out',
  saying: /\+ +"maxAgeDays": 90,[^]*\+ +"remembered": 24,/,
}

/** Contract tests that an emulator fails where AWS, by its documentation, would not; by full name. */
const CONTRACT_GAPS: Readonly<Record<string, ContractGap>> = {
  'data keys: KMS of MiniStack, two regions refuses what another holder wrapped': FOREIGN_BLOB,
  'data keys: KMS of MiniStack, two regions refuses what is damaged': CHANGED_BLOB,
  'data keys: KMS of MiniStack, two keys of one region refuses what another holder wrapped': FOREIGN_BLOB,
  'data keys: KMS of MiniStack, two keys of one region refuses what is damaged': CHANGED_BLOB,
  'inventory: RDS of moto of what was promoted says primary, and names no source': KEPT_SOURCE,
  'password policy: IAM of MiniStack has no password policy until one is set, and then exactly that one':
    PARTIAL_POLICY,
  'promotion: RDS of moto makes a primary of a replica once, however often and by whatever key it is asked':
    KEPT_SOURCE,
}

interface ContractTest {
  readonly fullName: string
  readonly status: string
  readonly failureMessages?: readonly string[]
}

/**
 * The known gaps among the tests that ran, each with its reason. Throws where a test fails that is not listed, or otherwise
 * than it is listed with, or passes although it is, where a listed one did not run in a whole run, and where none ran at all.
 */
export function requireKnownContractGaps(
  ran: readonly ContractTest[],
  { gaps = CONTRACT_GAPS, whole = true }: { gaps?: typeof CONTRACT_GAPS; whole?: boolean } = {},
): string[] {
  if (ran.length === 0) throw new Error('no contract test ran')
  const failed = ran.filter(({ status }) => status !== 'passed')
  const opened = failed.filter(({ fullName }) => !(fullName in gaps))
  if (opened.length > 0)
    throw new Error(`contract tests fail that are no known gaps: ${opened.map(({ fullName }) => fullName).join('; ')}`)
  const closed = ran.filter(({ fullName, status }) => fullName in gaps && status === 'passed')
  if (closed.length > 0)
    throw new Error(
      `known gaps pass: ${closed.map(({ fullName }) => fullName).join('; ')}; take them out of emulator/known-gaps.ts`,
    )
  const stale = Object.keys(gaps).filter((name) => whole && ran.every(({ fullName }) => fullName !== name))
  if (stale.length > 0)
    throw new Error(`known gaps that no test has: ${stale.join('; ')}; take them out of emulator/known-gaps.ts`)
  for (const { fullName, failureMessages = [] } of failed) {
    const said = failureMessages.join('\n').replaceAll(COLOURS, '')
    if (!gaps[fullName]!.saying.test(said))
      throw new Error(
        `'${fullName}' fails otherwise than its known gap, which says ${gaps[fullName]!.saying}:\n${said}`,
      )
  }
  return failed.map(({ fullName }) => `${fullName}: ${gaps[fullName]!.why}`)
}

// oxlint-disable-next-line no-control-regex -- colours begin with one
const COLOURS = /\u001b\[[0-9;]*m/g
