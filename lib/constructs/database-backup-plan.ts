import { Duration, TimeZone } from 'aws-cdk-lib'
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault, type IBackupVault } from 'aws-cdk-lib/aws-backup'
import { Schedule } from 'aws-cdk-lib/aws-events'
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IDatabaseInstance } from 'aws-cdk-lib/aws-rds'
import { Construct } from 'constructs'

export interface DatabaseBackupPlanProps {
  readonly planName: string
  readonly roleName: string
  /** AWS cron expression in the time zone. */
  readonly cron: string
  readonly timeZone: string
  readonly startWindowMinutes: number
  readonly completionWindowMinutes: number
  readonly snapshotRetentionDays: number
  readonly pointInTimeRetentionDays: number
  readonly snapshots: IBackupVault
  readonly pointInTime: IBackupVault
  /** Vault of the other region, by its chosen name. @default none: no backup leaves the region */
  readonly copyVaultArn?: string
  /** By tag always; by name too where the instance is known, so that a lost tag loses no backup. */
  readonly tag: { readonly key: string; readonly value: string }
  readonly instances: readonly IDatabaseInstance[]
}

/**
 * Daily snapshots with a copy in the other region, and continuous backups. Copies and their rules run in the source's
 * region, so each region has its own plan. Nothing moves to cold storage: for RDS it would be ignored without an error.
 */
export class DatabaseBackupPlan extends Construct {
  readonly plan: BackupPlan

  constructor(scope: Construct, id: string, props: DatabaseBackupPlanProps) {
    super(scope, id)
    const windows = {
      startWindow: Duration.minutes(props.startWindowMinutes),
      completionWindow: Duration.minutes(props.completionWindowMinutes),
      scheduleExpression: Schedule.expression(props.cron),
      scheduleExpressionTimezone: TimeZone.of(props.timeZone),
    }
    this.plan = new BackupPlan(this, 'Resource', {
      backupPlanName: props.planName,
      backupPlanRules: [
        new BackupPlanRule({
          ...windows,
          ruleName: 'daily-snapshot',
          backupVault: props.snapshots,
          deleteAfter: Duration.days(props.snapshotRetentionDays),
          ...(props.copyVaultArn && {
            copyActions: [
              {
                destinationBackupVault: BackupVault.fromBackupVaultArn(this, 'CopyVault', props.copyVaultArn),
                deleteAfter: Duration.days(props.snapshotRetentionDays),
              },
            ],
          }),
        }),
        new BackupPlanRule({
          ...windows,
          ruleName: 'continuous',
          backupVault: props.pointInTime,
          enableContinuousBackup: true,
          deleteAfter: Duration.days(props.pointInTimeRetentionDays),
        }),
      ],
    })
    const role = new Role(this, 'Role', {
      roleName: props.roleName,
      assumedBy: new ServicePrincipal('backup.amazonaws.com'),
      // Backing up and restoring are two privileges: this role cannot restore.
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSBackupServiceRolePolicyForBackup')],
    })
    this.plan.addSelection('ByTag', { role, resources: [BackupResource.fromTag(props.tag.key, props.tag.value)] })
    if (props.instances.length > 0)
      this.plan.addSelection('ByName', {
        role,
        resources: props.instances.map((i) => BackupResource.fromRdsDatabaseInstance(i)),
      })
  }
}
