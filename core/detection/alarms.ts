import type { Scenario, Severity } from './scenarios'

/** What an alarm means to people. Its metric and its region are bound where it is deployed. */
export interface AlarmDeclaration {
  /** What has happened, in plain words. */
  readonly title: string
  readonly severity: Severity
  /** Role that answers for it: a contact of the policy. */
  readonly owner: string
  /** Its section under docs/runbooks: Meaning, Check, Act, When not to. */
  readonly guide: `${string}.md#${string}`
  /** Scenario of the incident it opens; `none` for a signal that only pages, or that a composite alarm weighs. */
  readonly opens: Scenario | 'none'
}

const DEVOPS = 'DevOps Lead'

const SECURITY = 'Security Team'
const COMPLIANCE = 'Compliance Officer'

/** Every alarm there is. A test holds the deployed alarms, their guides and this table equal. */
export const ALARMS = {
  availability: {
    title: 'The service is less available than the procedure allows',
    severity: 'high',
    owner: DEVOPS,
    guide: 'service.md#availability',
    opens: 'none',
  },
  unhealthy: {
    title: 'A look at the health of the platform found something that does not do its work, or nobody could look',
    severity: 'high',
    owner: DEVOPS,
    guide: 'health.md#unhealthy',
    opens: 'none',
  },
  'recovery-time': {
    title: 'A critical incident is open for longer than the procedure allows, or nobody looks',
    severity: 'critical',
    owner: DEVOPS,
    guide: 'service.md#recovery-time',
    opens: 'none',
  },
  'data-integrity': {
    title: 'A validation found data that is not as it should be',
    severity: 'critical',
    owner: DEVOPS,
    guide: 'service.md#data-integrity',
    opens: 'database-corruption',
  },
  'rows-changing': {
    title: 'Rows are deleted or rewritten faster than people can, or a table that only grows was changed',
    severity: 'critical',
    owner: SECURITY,
    guide: 'database.md#rows-changing',
    opens: 'security-incident',
  },
  compliance: {
    title: 'A resource does not comply with a rule',
    severity: 'high',
    owner: COMPLIANCE,
    guide: 'service.md#compliance',
    opens: 'compliance-violation',
  },
  'compliance-open': {
    title: 'A violation of a rule was found, and nobody has said yet that it is resolved',
    severity: 'high',
    owner: COMPLIANCE,
    guide: 'service.md#compliance-open',
    opens: 'none',
  },
  'security-finding': {
    title: 'Somebody may have got in: the finding itself opens the incident',
    severity: 'critical',
    owner: SECURITY,
    guide: 'service.md#security-finding',
    opens: 'none',
  },
  'sensitive-call': {
    title: 'Somebody changed what recovery rests on, or tried to: the call itself opens the incident',
    severity: 'critical',
    owner: SECURITY,
    guide: 'sensitive-calls.md#sensitive-call',
    opens: 'none',
  },
  'primary-unreachable': {
    title: 'The API of the primary region answers nobody',
    severity: 'high',
    owner: DEVOPS,
    guide: 'service.md#primary-unreachable',
    opens: 'none',
  },
  'replica-cut-off': {
    title: 'The replica hears nothing from the primary',
    severity: 'high',
    owner: DEVOPS,
    guide: 'service.md#replica-cut-off',
    opens: 'none',
  },
  'region-lost': {
    title: 'Two independent signals say that the primary region is down',
    severity: 'critical',
    owner: DEVOPS,
    guide: 'service.md#region-lost',
    opens: 'data-center-outage',
  },
  'database-failing-over': {
    title: 'The database is lost in its zone, and its region fails it over to the standby',
    severity: 'high',
    owner: DEVOPS,
    guide: 'database.md#database-failing-over',
    opens: 'database-failure',
  },
  'release-ill': {
    title: 'The service is ill while its database is well',
    severity: 'high',
    owner: DEVOPS,
    guide: 'service.md#release-ill',
    opens: 'deployment-failure',
  },
  'backup-job-failed': {
    title: 'A backup job failed, was aborted or expired',
    severity: 'high',
    owner: DEVOPS,
    guide: 'backups.md#backup-job-failed',
    opens: 'weakened-protection',
  },
  'backup-missing': {
    title: 'No backup was completed in the time in which one has to be',
    severity: 'high',
    owner: DEVOPS,
    guide: 'backups.md#backup-missing',
    opens: 'weakened-protection',
  },
  'copy-job-failed': {
    title: 'A copy of a recovery point to another region or account failed',
    severity: 'high',
    owner: DEVOPS,
    guide: 'backups.md#copy-job-failed',
    opens: 'weakened-protection',
  },
  'copy-missing': {
    title: 'No copy of a backup arrived elsewhere in the time in which one has to',
    severity: 'high',
    owner: DEVOPS,
    guide: 'backups.md#copy-missing',
    opens: 'weakened-protection',
  },
  'restore-job-failed': {
    title: 'A restore ended without a copy',
    severity: 'high',
    owner: DEVOPS,
    guide: 'backups.md#restore-job-failed',
    opens: 'weakened-protection',
  },
  'restore-test-failed': {
    title: 'A recovery point was restored, and the copy was not proven good',
    severity: 'critical',
    owner: DEVOPS,
    guide: 'backups.md#restore-test-failed',
    opens: 'weakened-protection',
  },
  'restore-test-missing': {
    title: 'No restore test passed in the time in which one has to, of snapshots or of continuous backups',
    severity: 'high',
    owner: DEVOPS,
    guide: 'backups.md#restore-test-missing',
    opens: 'weakened-protection',
  },
  'restore-copy-left': {
    title: 'A copy of a restore test is still there although its test is over',
    severity: 'high',
    owner: DEVOPS,
    guide: 'backups.md#restore-copy-left',
    opens: 'weakened-protection',
  },
  'daily-verification': {
    title: 'The daily look at the backups found something wrong, could not see something, or did not happen',
    severity: 'high',
    owner: DEVOPS,
    guide: 'backups.md#daily-verification',
    opens: 'weakened-protection',
  },
  'replica-lag': {
    title: 'The replica falls behind: a region loss now would lose more than the policy promises',
    severity: 'high',
    owner: DEVOPS,
    guide: 'database.md#replica-lag',
    opens: 'weakened-protection',
  },
  'replica-not-compared': {
    title: 'The replica was not compared with its source in the time in which it has to be',
    severity: 'high',
    owner: DEVOPS,
    guide: 'database.md#replica-not-compared',
    opens: 'weakened-protection',
  },
  'slot-lag': {
    title: 'The primary keeps log for a replica that does not fetch it',
    severity: 'high',
    owner: DEVOPS,
    guide: 'database.md#slot-lag',
    opens: 'weakened-protection',
  },
  'log-disk': {
    title: 'The write-ahead log takes too much of the disk',
    severity: 'high',
    owner: DEVOPS,
    guide: 'database.md#log-disk',
    opens: 'weakened-protection',
  },
  'storage-low': {
    title: 'A database is running out of storage',
    severity: 'high',
    owner: DEVOPS,
    guide: 'database.md#storage-low',
    opens: 'weakened-protection',
  },
  'guard-silent': {
    title: 'The guard of the write lease does not run',
    severity: 'high',
    owner: DEVOPS,
    guide: 'coordination.md#guard-silent',
    opens: 'weakened-protection',
  },
  'lease-stale': {
    title: 'Nobody renews the write lease of the serving database',
    severity: 'high',
    owner: DEVOPS,
    guide: 'coordination.md#lease-stale',
    opens: 'weakened-protection',
  },
  'not-ready': {
    title: 'Something that a failover rests on is not ready',
    severity: 'high',
    owner: DEVOPS,
    guide: 'coordination.md#not-ready',
    opens: 'weakened-protection',
  },
  'archive-export-late': {
    title: 'The tables of a month have not reached the archive, or nobody looks',
    severity: 'high',
    owner: DEVOPS,
    guide: 'replication.md#archive-export-late',
    opens: 'weakened-protection',
  },
  'archive-dump-late': {
    title: 'The last dump of the database has not reached the archive whole, or nobody looks',
    severity: 'high',
    owner: DEVOPS,
    guide: 'replication.md#archive-dump-late',
    opens: 'weakened-protection',
  },
  'archive-unread': {
    title: 'The archive was not read back in the quarter, something in it cannot be read, or nobody looks',
    severity: 'high',
    owner: DEVOPS,
    guide: 'replication.md#archive-unread',
    opens: 'weakened-protection',
  },
  'activity-overdue': {
    title: 'An activity of the calendar was not attested in time, or nothing asked for it',
    severity: 'high',
    owner: COMPLIANCE,
    guide: 'service.md#activity-overdue',
    opens: 'none',
  },
  'place-away': {
    title: 'The recovery or the witness region does not answer: what decides there cannot be read',
    severity: 'high',
    owner: DEVOPS,
    guide: 'coordination.md#place-away',
    opens: 'weakened-protection',
  },
  'switch-unreadable': {
    title: 'Route 53 cannot read the traffic switch',
    severity: 'high',
    owner: DEVOPS,
    guide: 'coordination.md#switch-unreadable',
    opens: 'weakened-protection',
  },
  'dead-letters': {
    title: 'A function could not take an event',
    severity: 'medium',
    owner: DEVOPS,
    guide: 'functions.md#dead-letters',
    opens: 'weakened-protection',
  },
  'function-errors': {
    title: 'A function fails',
    severity: 'medium',
    owner: DEVOPS,
    guide: 'functions.md#function-errors',
    opens: 'weakened-protection',
  },
  'runbook-failed': {
    title: 'A runbook stopped before its end',
    severity: 'high',
    owner: DEVOPS,
    guide: 'functions.md#runbook-failed',
    opens: 'weakened-protection',
  },
  'replication-failed': {
    title: 'A bucket was not copied to another region',
    severity: 'high',
    owner: DEVOPS,
    guide: 'replication.md#replication-failed',
    opens: 'weakened-protection',
  },
  'replication-late': {
    title: 'Copies of a bucket reach this region too late',
    severity: 'high',
    owner: DEVOPS,
    guide: 'replication.md#replication-late',
    opens: 'weakened-protection',
  },
  'configuration-late': {
    title: 'A change of the configuration was held by both regions too late',
    severity: 'high',
    owner: DEVOPS,
    guide: 'configuration.md#configuration-late',
    opens: 'weakened-protection',
  },
  'environment-backup-missing': {
    title: 'The whole environment was not backed up in the time in which it has to be',
    severity: 'high',
    owner: DEVOPS,
    guide: 'configuration.md#environment-backup-missing',
    opens: 'weakened-protection',
  },
  'code-unsound': {
    title: 'The newest copy of the source code is old, unsigned, damaged or missing, or nothing checks it',
    severity: 'medium',
    owner: DEVOPS,
    guide: 'code.md#code-unsound',
    opens: 'weakened-protection',
  },
} as const satisfies Readonly<Record<string, AlarmDeclaration>>

export type AlarmId = keyof typeof ALARMS

/** Physical name of an alarm: `neonpro-production/replica-lag/g2`; the last part where one region has several. */
export const alarmName = (prefix: string, id: AlarmId, subject?: string): string =>
  [prefix, id, ...(subject === undefined ? [] : [subject])].join('/')

/** The declaration behind a physical name; undefined for an alarm that is not ours. */
export function alarmOf(prefix: string, name: string): { readonly id: AlarmId; readonly subject?: string } | undefined {
  const [head, id, ...subject] = name.split('/')
  if (head !== prefix || id === undefined || !isAlarmId(id)) return undefined
  return { id, ...(subject.length > 0 && { subject: subject.join('/') }) }
}

const isAlarmId = (id: string): id is AlarmId => Object.hasOwn(ALARMS, id)
