import { hasRecoveryRegion } from '../two-regions'
import { rule, when, type Rules } from './rule'

const pointInTimeWithinServiceLimit = rule(
  'point-in-time recovery reaches as far as stated',
  ['backup.pointInTimeRetentionDays'],
  ({ backup: { pointInTimeRetentionDays } }) =>
    when(
      pointInTimeRetentionDays > POINT_IN_TIME_MAX_DAYS,
      'backup.pointInTimeRetentionDays',
      `is ${pointInTimeRetentionDays}`,
      `use at most ${POINT_IN_TIME_MAX_DAYS}; older days are covered by snapshots`,
    ),
)

const replicatedHistoryWithinServiceLimit = rule(
  'history in the recovery region reaches as far as stated',
  ['mechanisms.crossRegionPointInTime.retentionDays'],
  ({ mechanisms: { crossRegionPointInTime: logs } }) =>
    logs.mode === 'none'
      ? []
      : when(
          logs.retentionDays > POINT_IN_TIME_MAX_DAYS,
          'mechanisms.crossRegionPointInTime.retentionDays',
          `is ${logs.retentionDays}`,
          `use at most ${POINT_IN_TIME_MAX_DAYS}`,
        ),
)

const replicatedHistoryHasItsPair = rule(
  'cross-region point-in-time recovery is declared only where it exists',
  ['mechanisms.crossRegionPointInTime', 'topology.regions'],
  (policy) => {
    if (!hasRecoveryRegion(policy) || policy.mechanisms.crossRegionPointInTime.mode === 'none') return []
    const { primary, recovery } = policy.topology.regions
    return when(
      primary === 'sa-east-1' && !SHIPPED_FROM_SAO_PAULO.includes(recovery),
      'mechanisms.crossRegionPointInTime.mode',
      `is 'replicated', but RDS replicates logs from ${primary} only to ${SHIPPED_FROM_SAO_PAULO.join(' and ')}`,
      'choose one of them as recovery region, or declare none with a reason',
    )
  },
)

const replicatedHistoryKeyIsOfItsRegion = rule(
  'replicated history is encrypted with a key that its region has',
  ['mechanisms.crossRegionPointInTime.kmsKeyArn', 'topology.regions.recovery'],
  (policy) => {
    const { crossRegionPointInTime: logs } = policy.mechanisms
    if (!hasRecoveryRegion(policy) || logs.mode === 'none') return []
    const { recovery } = policy.topology.regions
    return when(
      !logs.kmsKeyArn.startsWith(`arn:aws:kms:${recovery}:`),
      'mechanisms.crossRegionPointInTime.kmsKeyArn',
      `is '${logs.kmsKeyArn}', no key of ${recovery}`,
      'use the database key of the recovery region, which is deployed first',
    )
  },
)

const snapshotsKeptNinetyDays = rule(
  'snapshots are kept for the 90 days of the procedure',
  ['backup.snapshotRetentionDays'],
  ({ backup: { snapshotRetentionDays } }) =>
    when(snapshotRetentionDays < 90, 'backup.snapshotRetentionDays', `is ${snapshotRetentionDays}`, 'keep at least 90'),
)

const databaseHasNoColdStorage = rule(
  'no lifecycle is declared that AWS silently ignores',
  ['backup.coldStorageAfterDays', 'stores'],
  ({ backup: { coldStorageAfterDays }, stores }) =>
    when(
      coldStorageAfterDays !== 'never' && stores.some(({ kind }) => kind === 'table'),
      'backup.coldStorageAfterDays',
      `is ${coldStorageAfterDays}, but RDS backups cannot move to cold storage`,
      "use 'never'",
    ),
)

const promotionKeepsPointInTime = rule(
  'the promoted database can be recovered to a point in time like the old one',
  ['failover.promotedBackupRetentionDays', 'backup.pointInTimeRetentionDays'],
  ({ failover: { promotedBackupRetentionDays }, backup: { pointInTimeRetentionDays } }) =>
    when(
      promotedBackupRetentionDays !== pointInTimeRetentionDays,
      'failover.promotedBackupRetentionDays',
      `is ${promotedBackupRetentionDays}, the primary keeps ${pointInTimeRetentionDays}`,
      'use the same number',
    ),
)

/** AWS Backup and RDS keep continuous backups at most this long (AWS Backup developer guide, point-in-time recovery). */
const POINT_IN_TIME_MAX_DAYS = 35
/** Where RDS replicates automated backups of sa-east-1 (RDS user guide, "Replicating automated backups"). */
const SHIPPED_FROM_SAO_PAULO = ['us-east-1', 'us-east-2']

export const retentionRules: Rules = {
  pointInTimeWithinServiceLimit,
  replicatedHistoryWithinServiceLimit,
  replicatedHistoryHasItsPair,
  replicatedHistoryKeyIsOfItsRegion,
  snapshotsKeptNinetyDays,
  databaseHasNoColdStorage,
  promotionKeepsPointInTime,
}
