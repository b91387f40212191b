import type { Policy } from '../core/policy'

/** How the stores are backed up. */
export const backup: Policy['backup'] = {
  schedule: {
    cron: 'cron(0 2 * * ? *)',
    // Ours: of two rules whose start windows overlap AWS Backup follows the one that keeps longer, so at 02:00 it would always
    // be the snapshot. At 18:00 the clinics have closed, and no other backup is due before 22:00.
    continuousCron: 'cron(0 18 * * ? *)',
    timeZone: 'America/Sao_Paulo',
    startWindowMinutes: 60,
    completionWindowMinutes: 120,
    // Ours: a first backup that is cut off begins anew on the next day, and is cut off again. The most that a day leaves room for.
    bucketCompletionWindowMinutes: 1380,
  },
  snapshotRetentionDays: 90,
  pointInTimeRetentionDays: 35,
  // Ours, since the procedure names 90 days only: an error that is noticed after a season can still be looked up. What has to
  // be kept for years is archived, not backed up.
  longTermTiers: [
    {
      name: 'weekly',
      cron: 'cron(0 5 ? * SAT *)',
      retentionDays: 182,
      dataClasses: ['phi', 'pii', 'financial'],
    },
    { name: 'monthly', cron: 'cron(0 22 1 * ? *)', retentionDays: 400, dataClasses: ['phi', 'financial'] },
  ],
  coldStorageAfterDays: 'never',
  geoRedundancy: { mode: 'multi-region' },
  encryption: { atRest: 'AES-256', inTransit: 'TLSv1.3' },
  vaults: {
    pointInTime: { lock: { mode: 'governance', minRetentionDays: 1, maxRetentionDays: 35 } },
    snapshots: { lock: { mode: 'governance', minRetentionDays: 90, maxRetentionDays: 400 } },
    copies: { lock: { mode: 'governance', minRetentionDays: 90, maxRetentionDays: 400 } },
  },
  vaultAccess: {
    mode: 'break-glass',
    reason: 'a court or the authority can order data to be destroyed; two people open that role and an alarm rings',
  },
  secondAccount: {
    mode: 'none',
    reason: 'NeonPro has one account per environment so far; a second one has to be created by its organization',
  },
  applications: {
    code: 'Git repository with automated tags',
    configuration: 'version-controlled configuration files',
    assets: 'S3 with versioning',
    environment: 'encrypted backups of environment variables',
  },
}
