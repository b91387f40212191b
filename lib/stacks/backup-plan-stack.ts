import { Stack, type StackProps } from 'aws-cdk-lib'
import type { IDatabaseInstance } from 'aws-cdk-lib/aws-rds'
import type { Construct } from 'constructs'
import type { Policy } from '../../core/policy'
import { PROMOTED_TAG } from '../../lambda/contract'
import { DatabaseBackupPlan } from '../constructs/database-backup-plan'
import type { DataRegionRole, Names } from '../names'
import type { VaultsStack } from './vaults-stack'

export interface BackupPlanStackProps extends StackProps {
  readonly names: Names
  readonly role: DataRegionRole
  readonly backup: Policy['backup']
  readonly vaults: VaultsStack['vaults']
  /** Vault of the other region, by its chosen name. @default none: no backup leaves the region */
  readonly copyVaultArn?: string
  /** Writers of this region; the recovery region has none until failover tags the promoted replica. */
  readonly writers: readonly IDatabaseInstance[]
}

/** Backs up whatever writes in this region. In the recovery region it stands ready and selects nothing until failover. */
export class BackupPlanStack extends Stack {
  constructor(scope: Construct, id: string, props: BackupPlanStackProps) {
    super(scope, id, props)
    const { names, role, backup, vaults } = props
    new DatabaseBackupPlan(this, 'Database', {
      planName: names.role('database', role),
      roleName: names.role('backup', role),
      ...backup.schedule,
      snapshotRetentionDays: backup.snapshotRetentionDays,
      pointInTimeRetentionDays: backup.pointInTimeRetentionDays,
      snapshots: vaults.snapshots.vault,
      pointInTime: vaults.pitr.vault,
      ...(props.copyVaultArn && { copyVaultArn: props.copyVaultArn }),
      tag: PROMOTED_TAG,
      instances: props.writers,
    })
  }
}
