import type { Policy } from '../core/policy'

/** How restores are tested: the weekly restore of the procedure's calendar. */
export const restoreTesting: Policy['restoreTesting'] = {
  mode: 'scheduled',
  // Sunday, after backup and maintenance.
  cron: 'cron(0 10 ? * SUN *)',
  startWindowHours: 1,
  recoveryPoint: 'random',
  selectionWindowDays: 30,
  validationWindowHours: 4,
  // A week, and a day for a test that starts late and takes long.
  provenWithinDays: 8,
  countEveryMinutes: 60,
  examinationSeconds: 780,
  // The guard writes a heartbeat every few seconds; a snapshot holds what was committed when it began.
  oldestHeartbeatMinutes: 10,
  // Content counts wherever a baseline is old enough to compare with, and is not asked for: there is none before the first day, nor
  // for a while after a migration.
  checks: ['constraints', 'sequences', 'structure', 'freshness', 'restore-time', 'security', 'performance'],
}
