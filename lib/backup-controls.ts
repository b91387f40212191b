import type { Policy } from '../core/policy'
import { shortestRetentionDays } from './posture-rules'
import { otherRole, type DataRegionRole, type Names } from './names'
import { vaultExceptions } from './vault-access'

/** A control of AWS Backup Audit Manager with what the policy demands of it. */
export interface BackupControl {
  readonly name: string
  readonly parameters?: Readonly<Record<string, string>>
  /**
   * Kinds of resources it judges. By kind and never by tag, which would hide a database that lost its tag.
   * @default what the control is about by itself
   */
  readonly kinds?: readonly string[]
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/controls-and-remediation.html */
export function backupControls(policy: Policy, names: Names, role: DataRegionRole): readonly BackupControl[] {
  const { backup } = policy
  return [
    {
      name: 'BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK',
      parameters: {
        requiredFrequencyUnit: 'days',
        requiredFrequencyValue: '1',
        requiredRetentionDays: String(backup.snapshotRetentionDays),
      },
    },
    {
      name: 'BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK',
      parameters: { requiredRetentionDays: String(shortestRetentionDays(backup)) },
    },
    { name: 'BACKUP_RECOVERY_POINT_ENCRYPTED' },
    {
      name: 'BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED',
      parameters: vaultExceptions(names, role, policy),
    },
    // Databases of the other region are replicas, which a plan takes in only once they are promoted.
    ...(policy.topology.active === role ? ofTheWriter(policy, names, role) : []),
  ]
}

function ofTheWriter({ backup }: Policy, names: Names, role: DataRegionRole): BackupControl[] {
  const { startWindowMinutes, completionWindowMinutes } = backup.schedule
  const latestHours = 24 + Math.ceil((startWindowMinutes + completionWindowMinutes) / 60)
  const locked = [backup.vaults.pointInTime, backup.vaults.snapshots].every(({ lock }) => lock.mode !== 'none')
  const kinds = ['RDS']
  return [
    { name: 'BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN', kinds },
    {
      name: 'BACKUP_LAST_RECOVERY_POINT_CREATED',
      parameters: { recoveryPointAgeUnit: 'hours', recoveryPointAgeValue: String(latestHours) },
      kinds,
    },
    ...(locked ? [{ name: 'BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK', kinds }] : []),
    ...(backup.geoRedundancy.mode === 'multi-region'
      ? [
          {
            name: 'BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION',
            parameters: { crossRegionList: names.region(otherRole(role)) },
            kinds,
          },
        ]
      : []),
    ...(backup.secondAccount.mode === 'copies'
      ? [
          {
            name: 'BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT',
            parameters: { crossAccountList: backup.secondAccount.accountId },
            kinds,
          },
        ]
      : []),
  ]
}
