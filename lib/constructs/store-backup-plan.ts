import { Duration, TimeZone } from 'aws-cdk-lib'
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault, type IBackupVault } from 'aws-cdk-lib/aws-backup'
import { Schedule } from 'aws-cdk-lib/aws-events'
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { ServiceRole } from './service-role'

/** Snapshots taken on one schedule. */
export interface SnapshotRule {
  readonly ruleName: string
  /** AWS cron expression in the time zone of the plan. */
  readonly cron: string
  readonly retentionDays: number
}

/** A vault elsewhere that receives a copy of every snapshot, by its chosen name. */
export interface CopyDestination {
  readonly vaultArn: string
  /** @default as long as the snapshot itself */
  readonly retentionDays?: number
}

export interface StoreBackupPlanProps {
  readonly planName: string
  readonly roleName: string
  /** AWS's own policies for what the plan backs up, such as `service-role/AWSBackupServiceRolePolicyForBackup`. */
  readonly serviceRolePolicies: readonly string[]
  readonly timeZone: string
  /** How late a backup may start, and how long it may take from there. */
  readonly startWindowMinutes: number
  readonly completionWindowMinutes: number
  readonly snapshots: { readonly vault: IBackupVault; readonly rules: readonly SnapshotRule[] }
  /** Point-in-time recovery. Its copies would be snapshots, so it has none. */
  readonly continuous: { readonly vault: IBackupVault; readonly cron: string; readonly retentionDays: number }
  /** @default none: no snapshot leaves the region */
  readonly copies?: readonly CopyDestination[]
  /** By tag always; by name too where the resource is known, so that a lost tag loses no backup. */
  readonly tag: { readonly key: string; readonly value: string }
  readonly resourceArns: readonly string[]
}

/**
 * Continuous backups and snapshots of one kind of store. Copies and their rules run in the source's region, so each region
 * has its own plan. Nothing moves to cold storage: for RDS it would be ignored without an error.
 */
export class StoreBackupPlan extends Construct {
  constructor(scope: Construct, id: string, props: StoreBackupPlanProps) {
    super(scope, id)
    const { snapshots, continuous } = props
    const destinations = (props.copies ?? []).map(({ vaultArn, retentionDays }, i) => ({
      vault: BackupVault.fromBackupVaultArn(this, `CopyVault${i + 1}`, vaultArn),
      retentionDays,
    }))
    const rule = (ruleName: string, cron: string, retentionDays: number) => ({
      ruleName,
      scheduleExpression: Schedule.expression(cron),
      scheduleExpressionTimezone: TimeZone.of(props.timeZone),
      startWindow: Duration.minutes(props.startWindowMinutes),
      completionWindow: Duration.minutes(props.completionWindowMinutes),
      deleteAfter: Duration.days(retentionDays),
    })
    const plan = new BackupPlan(this, 'Resource', {
      backupPlanName: props.planName,
      backupPlanRules: [
        ...snapshots.rules.map(
          ({ ruleName, cron, retentionDays }) =>
            new BackupPlanRule({
              ...rule(ruleName, cron, retentionDays),
              backupVault: snapshots.vault,
              ...(destinations.length > 0 && {
                copyActions: destinations.map((to) => ({
                  destinationBackupVault: to.vault,
                  deleteAfter: Duration.days(to.retentionDays ?? retentionDays),
                })),
              }),
            }),
        ),
        new BackupPlanRule({
          ...rule('continuous', continuous.cron, continuous.retentionDays),
          backupVault: continuous.vault,
          enableContinuousBackup: true,
        }),
      ],
    })
    // Backing up and restoring are two privileges: this role cannot restore.
    const { role } = new ServiceRole(this, 'Role', {
      roleName: props.roleName,
      service: 'backup.amazonaws.com',
      managedPolicies: props.serviceRolePolicies.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
    })
    plan.addSelection('ByTag', {
      role,
      disableDefaultBackupPolicy: true,
      resources: [BackupResource.fromTag(props.tag.key, props.tag.value)],
    })
    if (props.resourceArns.length > 0)
      plan.addSelection('ByName', {
        role,
        disableDefaultBackupPolicy: true,
        resources: props.resourceArns.map((arn) => BackupResource.fromArn(arn)),
      })
  }
}
