import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { archivedClasses } from '../../core/archive/classes'
import { hasRecoveryRegion, type Policy } from '../../core/policy'
import { sendsArchive } from '../composition/archive'
import { sendsAssets } from '../composition/assets'
import { replicationRule } from '../constructs/bucket-replication'
import { archiveBucket, otherRole, type BucketKind, type Names, type RegionRole } from '../names'
import { evidencePrefixes } from '../stacks/evidence-stack'
import { awsMetric, type AlarmSpec, type DataRegion } from './spec'

/** Objects of a bucket that are copied to its twin in another region. */
interface Flow {
  readonly bucket: BucketKind
  readonly from: RegionRole
  readonly to: RegionRole
  readonly prefix: string
  readonly lateAfterMinutes: number
}

function flowsOf(names: Names, policy: Policy): Flow[] {
  const evidence = names.roles.flatMap((from) => {
    const to = names.evidenceCopy(from)
    if (!to) return []
    const lateAfterMinutes = policy.operations.alarms.evidenceCopyMinutes
    return evidencePrefixes(names, from).map((prefix): Flow => ({
      bucket: 'evidence',
      from,
      to,
      prefix,
      lateAfterMinutes,
    }))
  })
  const assets = (['primary', 'recovery'] as const)
    .filter((from) => sendsAssets(policy, from) && policy.stores.some(({ tier }) => tier === 'static-assets'))
    .map((from): Flow => {
      const lateAfterMinutes = policy.assets.replicationAlarmMinutes
      return { bucket: 'assets', from, to: otherRole(from), prefix: '', lateAfterMinutes }
    })
  const { fileTransfer } = policy
  const files: Flow[] =
    fileTransfer.mode === 'sftp' && hasRecoveryRegion(policy)
      ? [
          {
            bucket: 'file-transfer',
            from: 'primary',
            to: 'recovery',
            prefix: '',
            lateAfterMinutes: fileTransfer.copyAlarmMinutes,
          },
        ]
      : []
  const archives = (['primary', 'recovery'] as const)
    .filter((from) => sendsArchive(policy, from))
    .flatMap((from) =>
      archivedClasses(policy).map((name): Flow => {
        const lateAfterMinutes = policy.archive.replicationAlarmMinutes
        return { bucket: archiveBucket(name), from, to: otherRole(from), prefix: '', lateAfterMinutes }
      }),
    )
  return [...evidence, ...assets, ...files, ...archives]
}

/**
 * S3 counts failed copies in the region of the source and measures their delay in the region of the destination; it says
 * nothing while there is nothing to copy. https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
 */
export function replicationAlarms({ names, role, policy }: DataRegion): AlarmSpec[] {
  return flowsOf(names, policy).flatMap(({ bucket, from, to, prefix, lateAfterMinutes }): AlarmSpec[] => {
    const subject = [bucket, prefix.split('/')[0]].filter(Boolean).join('-')
    const dimensions = {
      SourceBucket: names.bucket(bucket, from),
      DestinationBucket: names.bucket(bucket, to),
      RuleId: replicationRule(prefix),
    }
    const shared = { subject, rings: 'above', periods: 1, silence: 'is-fine' } as const
    if (from === role) {
      const metric = awsMetric('AWS/S3', 'OperationsFailedReplication', dimensions, { statistic: Stats.SUM })
      return [{ id: 'replication-failed', metric, threshold: 0, ...shared }]
    }
    if (to !== role) return []
    const metric = awsMetric('AWS/S3', 'ReplicationLatency', dimensions)
    return [{ id: 'replication-late', metric, threshold: lateAfterMinutes * 60, ...shared }]
  })
}
