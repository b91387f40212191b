import type { Json } from '../../json'
import { templateFlows, registerGaps } from '../../posture/transfers'
import type { Trace } from '../../posture/traceability'
import { customerKey, is, reference } from '../../posture/traceability/wanted'
import type { TemplateCheck } from './control'

const trace = (stack: string, type: string, path: string, wanted: Trace['wanted'], demand: string): Trace => ({
  demand,
  stack,
  type,
  path,
  wanted,
  proof: 'template',
})

const BLOCKED = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'] as const
const OF_DATA = ['archive', 'assets', 'code', 'configuration', 'evidence', 'audit'] as const

/** No bucket of data can be opened to everybody. */
export const NO_PUBLIC_BUCKET: readonly Trace[] = OF_DATA.flatMap((stack) =>
  BLOCKED.map((block) =>
    trace(stack, 'AWS::S3::Bucket', `PublicAccessBlockConfiguration.${block}`, is(true), `${stack}: ${block}`),
  ),
)

/** No database answers from outside of its network. */
export const NO_PUBLIC_DATABASE: readonly Trace[] = (['database-primary', 'replica-recovery'] as const).map((stack) =>
  trace(stack, 'AWS::RDS::DBInstance', 'PubliclyAccessible', is(false), `${stack} is not public`),
)

/** One trail of every region, whose files prove that nobody changed them. */
export const TRAIL: readonly Trace[] = [
  trace('audit-recovery', 'AWS::CloudTrail::Trail', 'IsMultiRegionTrail', is(true), 'the trail covers every region'),
  trace('audit-recovery', 'AWS::CloudTrail::Trail', 'EnableLogFileValidation', is(true), 'its files are signed'),
  trace('audit-recovery', 'AWS::CloudTrail::Trail', 'IsLogging', is(true), 'and it is on'),
  trace(
    'audit-recovery',
    'AWS::CloudTrail::Trail',
    'KMSKeyId',
    reference,
    'its files are encrypted with a key of ours',
  ),
]

/** Threats are searched in both regions of data and in the witness. */
export const DETECTORS: readonly Trace[] = (
  ['governance-primary', 'governance-recovery', 'governance-witness'] as const
).map((stack) => trace(stack, 'AWS::GuardDuty::Detector', 'Enable', is(true), `${stack}: threats are searched`))

/** The replica holds what the primary holds. */
export const REPLICA_ENCRYPTED: readonly Trace[] = [
  trace('replica-recovery', 'AWS::RDS::DBInstance', 'KmsKeyId', reference, 'the replica has a key of its own region'),
]

export const VAULTS_ENCRYPTED: readonly Trace[] = (['vaults-primary', 'vaults-recovery'] as const).map((stack) =>
  trace(stack, 'AWS::Backup::BackupVault', 'EncryptionKeyArn', reference, `${stack}: a key of ours`),
)

export const VAULTS_LOCKED: readonly Trace[] = (['vaults-primary', 'vaults-recovery'] as const).map((stack) => ({
  ...trace(
    stack,
    'AWS::Backup::BackupVault',
    'LockConfiguration.MinRetentionDays',
    { words: 'a number of days', test: (value: Json) => typeof value === 'number' && value > 0 },
    `${stack}: no recovery point is ended early`,
  ),
}))

export const DUMPS_ENCRYPTED: readonly Trace[] = [
  trace(
    'archive',
    'AWS::S3::Bucket',
    'BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault',
    customerKey,
    'what leaves the database for the archive is encrypted with a key of ours',
  ),
]

/** Calls after which something is not protected any more: each one by itself opens an incident. */
const DISARMING = [
  'DeleteRecoveryPoint',
  'DisableKey',
  'ScheduleKeyDeletion',
  'PutBackupVaultLockConfiguration',
  'DeleteBackupVaultLockConfiguration',
  'StopLogging',
  'DeleteDetector',
]

/** Events are looked for in the region in which the call is made. */
export const DISARMING_NOTICED: TemplateCheck = {
  by: 'template',
  asks: 'calls that disarm are noticed in both regions',
  broken: (stacks) =>
    (['primary', 'recovery'] as const).flatMap((role) => {
      const patterns = stacks
        .filter(({ stack }) => stack.endsWith(`-operations-${role}`))
        .flatMap(({ resources }) => Object.values(resources))
        .filter(({ Type }) => Type === 'AWS::Events::Rule')
        .map(({ Properties }) => JSON.stringify(Properties?.['EventPattern'] ?? null))
      return DISARMING.filter((call) => !patterns.some((pattern) => pattern.includes(`"${call}"`))).map(
        (call) => `no rule of the ${role} region looks for ${call}`,
      )
    }),
}

/** Every flow between regions is one that the register of transfers lists, with its mechanism. */
export const FLOWS_REGISTERED: TemplateCheck = {
  by: 'template',
  asks: 'every flow between regions is in the register of transfers, and the other way round',
  broken: (stacks, policy) => registerGaps(templateFlows(stacks, policy.topology.regions.primary), policy.transfers),
}
