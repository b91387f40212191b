import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Policy } from '../../core/policy'
import { WRITER_TAG } from '../../lambda/contract'
import { copiesOf } from '../backup-copies'
import type { SnapshotRule, StoreBackupPlanProps } from '../constructs/store-backup-plan'
import { STORE_TAG, type DataRegionRole } from '../names'
import { BackupPlanStack } from '../stacks/backup-plan-stack'
import { CopiesAccountStack } from '../stacks/copies-account-stack'
import { VaultsStack } from '../stacks/vaults-stack'
import { vaultAccess } from '../vault-access'
import type { DeployedInstance } from './databases'
import type { Foundation } from './foundation'
import type { Region } from './region'

type Store = Policy['stores'][number]

/** What the plans of a region select by name. */
export interface BackedUp {
  readonly writer: DeployedInstance
  readonly buckets: readonly StoredBucket[]
}

export interface StoredBucket {
  readonly store: Store
  readonly bucket: Bucket
}

/** The vaults of a data region and the plans that fill them. */
export function backups(region: Region<DataRegionRole>, { keys }: Foundation, { writer, buckets }: BackedUp): void {
  const { names, role, policy } = region
  const { vaults: locks, pointInTimeRetentionDays, geoRedundancy, schedule } = policy.backup
  const retentionDays = snapshotRules(policy, policy.stores).map((rule) => rule.retentionDays)
  const { vaults } = new VaultsStack(region.stage, `vaults-${role}`, {
    ...region.stack('vaults'),
    names,
    key: keys.key('backup'),
    access: vaultAccess(names, role, policy),
    vaults: {
      pitr: { lock: locks.pointInTime.lock, retentionDays: [pointInTimeRetentionDays] },
      snapshots: { lock: locks.snapshots.lock, retentionDays },
      ...(geoRedundancy.mode === 'multi-region' && { copies: { lock: locks.copies.lock, retentionDays } }),
    },
  })
  const plan = (
    kind: string,
    stores: readonly Store[],
    own: Pick<
      StoreBackupPlanProps,
      'copies' | 'serviceRolePolicies' | 'tag' | 'resourceArns' | 'completionWindowMinutes'
    >,
  ): StoreBackupPlanProps => ({
    timeZone: schedule.timeZone,
    startWindowMinutes: schedule.startWindowMinutes,
    ...own,
    planName: names.role(kind, role),
    roleName: names.role(`backup-${kind}`, role),
    snapshots: { vault: vaults.snapshots.vault, rules: snapshotRules(policy, stores) },
    continuous: { vault: vaults.pitr.vault, cron: schedule.continuousCron, retentionDays: pointInTimeRetentionDays },
  })
  const copies = copiesOf(names, role, policy)
  const tables = policy.stores.filter(({ kind }) => kind === 'table')
  new BackupPlanStack(region.stage, `backup-plan-${role}`, {
    ...region.stack('backup-plan'),
    plans: {
      Database: plan('database', tables, {
        copies,
        completionWindowMinutes: schedule.completionWindowMinutes,
        serviceRolePolicies: [BACKUP],
        tag: WRITER_TAG,
        // The region that does not write selects nothing by name: its plan stands ready and waits for the tag. The name is
        // the chosen one: an import would keep CloudFormation from ever swapping the regions, since the exporting stack is
        // deployed first and may not drop an export that is still in use.
        resourceArns: policy.topology.active === role ? [names.databaseArn(role, writer.generation)] : [],
      }),
      ...Object.fromEntries(
        buckets.map(({ store, bucket }) => [
          `Bucket-${store.tier}`,
          plan(store.tier, [store], {
            // The other region's bucket is a copy already: only where the application writes do snapshots go elsewhere too.
            copies: policy.topology.active === role ? copies : [],
            completionWindowMinutes: schedule.bucketCompletionWindowMinutes,
            serviceRolePolicies: [BACKUP, BACKUP_OF_S3],
            tag: { key: STORE_TAG, value: store.id },
            resourceArns: [bucket.bucketArn],
          }),
        ]),
      ),
    },
  })
}

/** The locked vault of the account that only holds copies; nothing where the policy has none. */
export function copiesAccount(region: Region<DataRegionRole>): void {
  const { names, role, policy } = region
  const { secondAccount } = policy.backup
  if (secondAccount.mode === 'none' || secondAccount.region !== names.region(role)) return
  const { accountId, lock, retentionDays } = secondAccount
  new CopiesAccountStack(region.stage, `copies-account-${role}`, {
    ...region.stack('copies-account'),
    env: { account: accountId, region: secondAccount.region },
    vaultName: names.vault('copies'),
    keyAlias: names.keyAlias('backup'),
    // Nobody, not even who breaks glass in the other account, ends a copy before its time.
    access: { deploymentRoleArn: names.deploymentRoleArn(role, accountId), copiesFromAccount: names.accountId },
    settings: { lock, retentionDays: [retentionDays] },
  })
}

/** The daily snapshots and every tier that one of the stores needs: the strictest store of a database decides for all of it. */
function snapshotRules({ backup }: Policy, stores: readonly Store[]): readonly SnapshotRule[] {
  const needed = new Set(stores.map(({ dataClass }) => dataClass))
  return [
    { ruleName: 'daily', cron: backup.schedule.cron, retentionDays: backup.snapshotRetentionDays },
    ...backup.longTermTiers
      .filter(({ dataClasses }) => dataClasses.some((dataClass) => needed.has(dataClass)))
      .map(({ name, cron, retentionDays }) => ({ ruleName: name, cron, retentionDays })),
  ]
}

const BACKUP = 'service-role/AWSBackupServiceRolePolicyForBackup'
/** https://docs.aws.amazon.com/aws-backup/latest/devguide/s3-backups.html */
const BACKUP_OF_S3 = 'AWSBackupServiceRolePolicyForS3Backup'
