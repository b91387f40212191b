import type { Harmless } from './harmless'
import { row, words, type Order, type ProtectionRow, type Term } from './row'

const POLICY = 'policy'
const promise = (path: string, term: Exclude<Term, 'existence'>, order: Order, said: string): ProtectionRow =>
  row(POLICY, path, term, order, said)

const LOCKS = ['compliance', 'governance', 'none']

/**
 * Promises of the policy whose values are ordered, by their path in it. Every other field is held exactly as it is, but for
 * what `POLICY_HARMLESS` names.
 */
export const PROMISES: readonly ProtectionRow[] = [
  promise('objectives.rpo.*', 'objective', 'no-more', 'data that may be lost'),
  promise('objectives.rto.*', 'objective', 'no-more', 'time without service'),
  promise('rollbacks.*.downtimeMinutes.*', 'objective', 'no-more', 'minutes that a rollback takes'),
  promise('dataClasses.*.retentionYears', 'retention', 'no-less', 'years that data is kept'),
  words(POLICY, 'dataClasses.*.protection', 'objective', 'protection of a class of data', [
    'maximum',
    'high',
    'medium',
    'standard',
  ]),
  promise('database.multiAz', 'replica', 'no-less', 'standby in another zone'),
  words(POLICY, 'database.tlsMinimum', 'encryption', 'oldest TLS accepted', ['TLSv1.3', 'TLSv1.2']),
  promise('database.secretRotationDays', 'encryption', 'no-more', 'days that a password lives'),
  // Neither is the weaker: one waits for people, the other moves patients' data without asking them.
  promise('failover.operation', 'access', 'exactly', 'whether a failover waits for people'),
  promise('failover.approvalExpiresSeconds', 'access', 'no-more', 'seconds that an approval holds'),
  promise('failover.planExpiresSeconds', 'access', 'no-more', 'seconds that a plan of a failover may be applied'),
  promise('failover.promotedBackupRetentionDays', 'retention', 'no-less', 'days of history after a failover'),
  promise(
    'failover.ledgerSkewSeconds',
    'objective',
    'no-less',
    'seconds by which the replay of the ledger reaches back further',
  ),
  promise('pace.dns.ttlSeconds', 'objective', 'no-more', 'seconds that clients remember an address'),
  promise('mechanisms.replica.*Seconds', 'replica', 'no-more', 'seconds that a replica may be behind'),
  promise('mechanisms.replica.lagAlarmDatapoints', 'alarm', 'no-more', 'looks before a lag is told'),
  promise('mechanisms.configurationCopySeconds', 'copy', 'no-more', 'seconds until a change is copied'),
  promise('mechanisms.assetReplicationMinutes', 'copy', 'no-more', 'minutes until an asset is copied'),
  promise('mechanisms.releaseRollbackMinutes', 'objective', 'no-more', 'minutes until the release before is back'),
  promise('releases.healthySeconds', 'objective', 'no-more', 'seconds until what was put back serves'),
  promise('releases.monitorSeconds', 'objective', 'no-less', 'seconds that a platform is watched after a rollback'),
  promise('backup.schedule.cron', 'objective', 'no-rarer', 'schedule of backups'),
  promise('backup.schedule.*WindowMinutes', 'objective', 'no-more', 'minutes in which a backup starts and ends'),
  promise('backup.snapshotRetentionDays', 'retention', 'no-less', 'days that backups are kept'),
  promise('backup.pointInTimeRetentionDays', 'retention', 'no-less', 'days of point-in-time recovery'),
  promise('backup.longTermTiers.*.retentionDays', 'retention', 'no-less', 'days that a long-term backup is kept'),
  promise('backup.longTermTiers.*.cron', 'objective', 'no-rarer', 'schedule of long-term backups'),
  ...['backup.vaults.*', 'archive.classes.*', 'configuration', 'code', 'evidence', 'governance.trail'].map((held) =>
    words(POLICY, `${held}.lock.mode`, 'lock', 'mode of the lock', LOCKS),
  ),
  promise('restoreTesting.cron', 'test frequency', 'no-rarer', 'how often restores are tested'),
  promise('restoreTesting.checks', 'test frequency', 'no-fewer-entries', 'what a restored copy is judged by'),
  promise('restoreTesting.oldestHeartbeatMinutes', 'objective', 'no-more', 'age of the newest row of a restored copy'),
  promise('archive.replicationAlarmMinutes', 'alarm', 'no-more', 'minutes before a late copy is told'),
  promise('archive.export.everyMinutes', 'copy', 'no-more', 'minutes between looks at the export'),
  promise('archive.export.dueByDay', 'copy', 'no-more', 'day of the month by which the archive is complete'),
  promise('assets.replicationAlarmMinutes', 'alarm', 'no-more', 'minutes before a late copy is told'),
  promise('code.pushEveryHours', 'copy', 'no-more', 'hours between copies of the code'),
  promise('code.oldestCopyHours', 'copy', 'no-more', 'age of the newest copy of the code'),
  promise('code.checkEveryMinutes', 'test frequency', 'no-more', 'minutes between checks of those copies'),
  promise('configuration.secrets', 'copy', 'no-fewer-entries', 'secrets that have a copy'),
  promise('database.logins', 'copy', 'no-fewer-entries', 'login roles whose secrets have a copy'),
  promise('configuration.backupEveryMinutes', 'copy', 'no-more', 'minutes between full copies of the environment'),
  promise('readiness.*', 'test frequency', 'no-more', 'age of what readiness rests on'),
  promise('access.authentication.mfaRequired', 'access', 'no-less', 'second factor'),
  promise('access.authentication.passwordMinLength', 'access', 'no-less', 'length of a password'),
  promise('access.authentication.passwordMixedTypes', 'access', 'no-less', 'mixed characters of a password'),
  promise('access.authentication.idleTimeoutMinutes', 'access', 'no-more', 'minutes before an idle session ends'),
  promise('access.authentication.lockoutAfterAttempts', 'access', 'no-more', 'attempts before a lockout'),
  promise('access.authorization.leastPrivilege', 'access', 'no-less', 'least privilege'),
  promise('access.authorization.justInTimeForSensitive', 'access', 'no-less', 'access for one task only'),
  words(POLICY, 'access.authorization.reviewEvery', 'access', 'how often access is reviewed', ['month', 'quarter']),
  promise('people.mfaMaxAgeMinutes', 'access', 'no-more', 'age of a second factor'),
  promise('people.elevation.*Minutes', 'access', 'no-more', 'minutes that a role for one task lasts'),
  promise('people.passwordPolicy.maxAgeDays', 'access', 'no-more', 'age of a password'),
  promise('people.passwordPolicy.remembered', 'access', 'no-less', 'passwords that may not come back'),
  promise('people.review.*Days', 'access', 'no-more', 'days of unused or old access'),
  promise('calendar.due.daily', 'test frequency', 'no-rarer', 'when daily activities come due'),
  promise('calendar.due.weekly', 'test frequency', 'no-rarer', 'when weekly activities come due'),
  promise('calendar.due.monthly', 'test frequency', 'no-rarer', 'when monthly activities come due'),
  promise('calendar.due.quarterly', 'test frequency', 'no-rarer', 'when quarterly activities come due'),
  promise('calendar.graceHours.*', 'test frequency', 'no-more', 'hours that an activity may be late'),
  promise('calendar.onceDays.*', 'test frequency', 'no-more', 'days for what comes due once'),
  promise('calendar.watchEveryMinutes', 'test frequency', 'no-more', 'minutes between looks for what is overdue'),
  words(POLICY, 'calendar.activities.*.cadence', 'test frequency', 'how often an activity is due', [
    'daily',
    'weekly',
    'monthly',
    'quarterly',
  ]),
  promise('escalation.*.fromMinutes', 'alarm', 'no-more', 'minutes before a level is told'),
  promise('escalation.*.notify', 'alarm', 'no-fewer-entries', 'whom a level tells'),
  promise('kpis.*.targetPercent', 'objective', 'no-less', 'target of a KPI'),
  promise('kpis.*.alertBelowPercent', 'alarm', 'no-less', 'bound of a KPI below which somebody is told'),
  promise('kpis.*.*Minutes', 'alarm', 'no-more', 'minutes of a KPI'),
  promise('operations.alarms.storageFreePercent', 'alarm', 'no-less', 'free storage below which somebody is told'),
  promise('operations.alarms.*Minutes', 'alarm', 'no-more', 'minutes before an alarm'),
  promise('operations.alarms.*Gigabytes', 'alarm', 'no-more', 'gigabytes before an alarm'),
  promise('governance.trail.dataEvents', 'alarm', 'no-fewer-entries', 'whose reads and writes are recorded'),
  promise('governance.detector.features', 'alarm', 'no-fewer-entries', 'where threats are searched'),
  promise('governance.findings.*', 'alarm', 'no-more', 'severity from which a finding counts'),
  ...['compliance.*.requirements', 'compliance.*.implementation', 'testScenarios.*', 'scenarios.*.*'].map((path) =>
    promise(path, 'objective', 'no-fewer-entries', 'what the procedure asks for'),
  ),
]

const WORDS = 'words for people; the values that they explain are held by themselves'

/** Fields of the policy that promise nothing, each with the reason. */
export const POLICY_HARMLESS: readonly Harmless[] = [
  ...[
    'applicationTier.reason',
    'fileTransfer.reason',
    'mechanisms.*.reason',
    'backup.*.reason',
    'archive.classes.*.reason',
    'stores.*.archive.reason',
    'dataClasses.*.description',
    'rollbacks.*.description',
    'rollbacks.*.useCases',
    'calendar.activities.*.title',
  ].map((path) => ({ type: POLICY, path, because: WORDS })),
  {
    type: POLICY,
    path: 'rehearsal.pace',
    because: 'how fast a drill on a laptop goes; nothing deployed reads it, and the drill judges its own result',
  },
  { type: POLICY, path: 'rehearsal.workload', because: 'the load of a drill on a laptop; nothing deployed reads it' },
  ...['rehearsal.distance', 'rehearsal.content'].map((path) => ({
    type: POLICY,
    path,
    because: 'how far and how slow the copies of a drill on a laptop are; nothing deployed reads it',
  })),
  {
    type: POLICY,
    path: 'rehearsal.applicationTier',
    because: 'what stands for the application in a drill on a laptop; nothing deployed reads it',
  },
  { type: POLICY, path: 'database.instanceClass', because: 'capacity; feasibility judges how fast a restore is' },
  { type: POLICY, path: 'database.storageGigabytes', because: 'capacity; a full disk has its alarm' },
  {
    type: POLICY,
    path: 'database.sizeGigabytes',
    because: 'a measure of the data of today, which feasibility judges; a bigger database is no promise given up',
  },
  { type: POLICY, path: 'database.engineVersion', because: 'minor versions move on; RDS refuses an older one' },
  { type: POLICY, path: 'dns.checkerRanges.asOf', because: 'the day on which the list beside it was read' },
  {
    type: POLICY,
    path: 'contacts.*.*.email',
    because: 'who holds a role changes; that the role is there, and told, is held beside it',
  },
  { type: POLICY, path: 'documentControl.version', because: 'the number of an edition of the document' },
  { type: POLICY, path: 'documentControl.effectiveDate', because: 'the day of an edition of the document' },
]

/** Entries of the policy that protect more by being there. */
export const POLICY_MORE_PROTECTS: readonly Harmless[] = [
  { type: POLICY, path: 'backup.longTermTiers.*', because: 'recovery points more' },
  { type: POLICY, path: 'calendar.activities.*', because: 'an activity more' },
  { type: POLICY, path: 'escalation.*', because: 'a level more' },
  { type: POLICY, path: 'contacts.*.*', because: 'somebody more who can be told' },
]
