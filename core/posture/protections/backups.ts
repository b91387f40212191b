import { row, type ProtectionRow } from './row'

const BACKUP_RULE = 'BackupPlan.BackupPlanRule.*'

/** What protects recovery points, and proves them. */
export const BACKUPS: readonly ProtectionRow[] = [
  row(
    'AWS::Backup::BackupPlan',
    `${BACKUP_RULE}.Lifecycle.DeleteAfterDays`,
    'retention',
    'no-less',
    'days that backups are kept',
  ),
  row('AWS::Backup::BackupPlan', `${BACKUP_RULE}.ScheduleExpression`, 'objective', 'no-rarer', 'schedule of backups'),
  row('AWS::Backup::BackupPlan', `${BACKUP_RULE}.EnableContinuousBackup`, 'objective', 'no-less', 'continuous backup'),
  row(
    'AWS::Backup::BackupPlan',
    `${BACKUP_RULE}.CopyActions.*.DestinationBackupVaultArn`,
    'copy',
    'unchanged',
    'vault that receives copies',
  ),
  row(
    'AWS::Backup::BackupPlan',
    `${BACKUP_RULE}.CopyActions.*.Lifecycle.DeleteAfterDays`,
    'copy',
    'no-less',
    'days that copies are kept',
  ),
  row('AWS::Backup::BackupPlan', `${BACKUP_RULE}.TargetBackupVault`, 'lock', 'exactly', 'vault that receives backups'),
  row(
    'AWS::Backup::BackupPlan',
    `${BACKUP_RULE}.ScheduleExpressionTimezone`,
    'objective',
    'exactly',
    'clock by which backups start',
  ),
  row(
    'AWS::Backup::BackupPlan',
    `${BACKUP_RULE}.StartWindowMinutes`,
    'objective',
    'exactly',
    'minutes in which a backup has to start',
  ),
  row(
    'AWS::Backup::BackupPlan',
    `${BACKUP_RULE}.CompletionWindowMinutes`,
    'objective',
    'exactly',
    'minutes in which a backup has to end',
  ),
  row('AWS::Backup::BackupSelection', 'BackupSelection', 'objective', 'unchanged', 'what is backed up'),
  row(
    'AWS::Backup::BackupVault',
    'LockConfiguration.MinRetentionDays',
    'lock',
    'no-less',
    'days that a recovery point is locked',
  ),
  row(
    'AWS::Backup::BackupVault',
    'LockConfiguration.ChangeableForDays',
    'lock',
    'unchanged',
    'whether the lock can be lifted',
  ),
  row('AWS::Backup::BackupVault', 'EncryptionKeyArn', 'encryption', 'unchanged', 'key of recovery points'),
  row('AWS::Backup::BackupVault', 'AccessPolicy', 'access', 'no-new-grants', 'who may end a recovery point'),
  row(
    'AWS::Backup::RestoreTestingPlan',
    'ScheduleExpression',
    'test frequency',
    'no-rarer',
    'how often restores are tested',
  ),
  row(
    'AWS::Backup::RestoreTestingSelection',
    'ProtectedResourceType',
    'test frequency',
    'unchanged',
    'what is restored as a test',
  ),
  row(
    'AWS::Backup::BackupVault',
    'LockConfiguration.MaxRetentionDays',
    'lock',
    'no-less',
    'longest retention that the vault takes',
  ),
  row('AWS::Backup::Framework', 'FrameworkControls', 'alarm', 'no-fewer-entries', 'what backups are audited for'),
  row('AWS::Backup::ReportPlan', 'ReportSetting', 'alarm', 'unchanged', 'what is reported on backups'),
]
