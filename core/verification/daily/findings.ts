/** Where a person reads on. */
type Guide = `${string}.md#${string}`

/** What a finding means, and what ends it. */
export interface FindingKind {
  readonly cause: string
  readonly remedy: string
  readonly guide: Guide
}

/** Every way in which a daily check can fail. */
export const DAILY_FINDINGS = {
  'never-backed-up': {
    cause: 'the vault holds no completed recovery point of it',
    remedy: 'start an on-demand backup now, then find out why the plan does not select it',
    guide: 'backups.md#backup-missing',
  },
  'backup-too-old': {
    cause: 'no backup of it was completed within the gap between two, and their windows',
    remedy: 'start an on-demand backup now, then read why the last jobs did not end',
    guide: 'backups.md#backup-missing',
  },
  'backup-partial': {
    cause: 'a backup ended without something that it should hold',
    remedy: 'read the message of its job, remove the cause, and back it up again',
    guide: 'backups.md#backup-job-failed',
  },
  'never-copied': {
    cause: 'no copy of it has arrived in this region',
    remedy: 'copy the newest recovery point by hand, then find out why the plan does not',
    guide: 'backups.md#copy-missing',
  },
  'copy-too-old': {
    cause: 'no copy of it has arrived within the gap between two, and their windows',
    remedy: 'copy the newest recovery point by hand, then read why the last copy jobs did not end',
    guide: 'backups.md#copy-missing',
  },
  'not-encrypted': {
    cause: 'a recovery point lies unencrypted',
    remedy:
      'encrypt its source under the key of its purpose, back it up again, and end the open one by the four-eyes role',
    guide: 'backups.md#daily-verification',
  },
  'foreign-key': {
    cause: 'a recovery point is encrypted by a key that is not the one of its purpose',
    remedy: 'back it up again under the right key; the old one is lost with the foreign key',
    guide: 'backups.md#daily-verification',
  },
  'wrong-retention': {
    cause: 'a recovery point is kept for a time that no rule of the policy gives',
    remedy: 'compare the plan with the policy and deploy it again; a lifecycle can be lengthened where it is too short',
    guide: 'backups.md#daily-verification',
  },
  'in-cold-storage': {
    cause: 'a recovery point moves to where a restore takes hours',
    remedy: 'deploy the plan of the policy again, which has no cold storage',
    guide: 'backups.md#daily-verification',
  },
  'ends-early': {
    cause: 'a recovery point ends, or has ended, before the time that was set for it',
    remedy: 'look in the trail for who changed it, and treat it as an incident of security',
    guide: 'backups.md#daily-verification',
  },
  'history-has-a-gap': {
    cause: 'between the oldest and the newest recovery point days are missing',
    remedy: 'find out which jobs failed, or who ended what; a longer-kept recovery point may cover the days',
    guide: 'backups.md#daily-verification',
  },
  'vault-missing': {
    cause: 'a vault that the policy names does not exist',
    remedy: 'deploy the vaults of the region again',
    guide: 'backups.md#daily-verification',
  },
  'vault-open': {
    cause: 'a vault has no lock, so that whoever may can end what lies in it',
    remedy: 'run compliance-remediation, which puts the declared lock back',
    guide: 'service.md#compliance',
  },
  'lock-weaker': {
    cause: 'the lock of a vault lets through a retention that the policy refuses',
    remedy: 'run compliance-remediation, which puts the declared lock back',
    guide: 'service.md#compliance',
  },
  'no-history': {
    cause: 'the database cannot be restored to a moment',
    remedy: 'switch its continuous backup on again and see the window open',
    guide: 'backups.md#daily-verification',
  },
  'restorable-too-old': {
    cause: 'the newest moment that can be restored is older than two shipments of the log',
    remedy: 'look at the events of the instance and its archiver; until it moves, take a snapshot',
    guide: 'backups.md#daily-verification',
  },
  'history-too-short': {
    cause: 'point-in-time recovery does not reach as far back as it already did or should',
    remedy: 'compare the retention of the instance with the policy, and look in the trail for who shortened it',
    guide: 'backups.md#daily-verification',
  },
  'replica-silent': {
    cause: 'the replica does not hear from its source',
    remedy: 'follow the guide of a replica that is cut off',
    guide: 'service.md#replica-cut-off',
  },
  'replica-behind': {
    cause: 'the newest heartbeat on the replica is older than the lag that the promise allows',
    remedy: 'follow the guide of a replica that lags',
    guide: 'database.md#replica-lag',
  },
  'heartbeat-missing': {
    cause: 'the replica holds no heartbeat, so that nobody can say what a failover would lose',
    remedy: 'see that the guard of the primary region runs, and that the database is prepared',
    guide: 'coordination.md#guard-silent',
  },
  'dump-late': {
    cause: 'the last dump of a class of data is not whole in the archive',
    remedy: 'read the last execution of the dump, remove the cause, and start it for the same time again',
    guide: 'replication.md#archive-dump-late',
  },
  'code-unsound': {
    cause: 'the newest copy of the source code is missing, old, unsigned or not whole',
    remedy: 'push a signed copy again and look at what differs',
    guide: 'code.md#code-unsound',
  },
  'settings-not-copied': {
    cause: 'a region does not hold the present version of a setting within the time for it',
    remedy: 'back up the environment by hand, then look at the copies that failed',
    guide: 'configuration.md#configuration-late',
  },
  'environment-not-backed-up': {
    cause: 'no backup of the whole environment is young enough',
    remedy: 'start the backup of the environment and look why its schedule did not',
    guide: 'configuration.md#environment-backup-missing',
  },
  'environment-not-opened': {
    cause: 'the backup of the environment does not open under the key of the region that holds it',
    remedy: 'take another backup now and see it open here; keep the damaged one for the investigation',
    guide: 'backups.md#daily-verification',
  },
  'storage-full-soon': {
    cause: 'at its present growth the storage of the database is full within the time that a change of it takes',
    remedy: 'raise the storage in the policy and deploy it, or find what grows',
    guide: 'database.md#storage-low',
  },
  'quota-used-soon': {
    cause: 'at the present pace a vault is full within the time that raising its quota takes',
    remedy: 'ask for a higher quota, or find what backs up so often',
    guide: 'backups.md#daily-verification',
  },
  'budget-used-soon': {
    cause: 'at the present pace the recovery points outgrow their budget within the time that a decision takes',
    remedy: 'decide on a higher budget in the policy, or find what grows',
    guide: 'backups.md#daily-verification',
  },
  unprotected: {
    cause: 'a database that holds data of its own has no recovery point here, and no policy names it',
    remedy: 'back it up now; then declare it, or remove it by the people it belongs to',
    guide: 'backups.md#daily-verification',
  },
  'unprotected-bucket': {
    cause: 'a bucket that no stack of ours has made holds data without a recovery point here',
    remedy:
      'find out whose it is and what lies in it; then declare it as a store, or have it removed by the people it belongs to',
    guide: 'backups.md#daily-verification',
  },
} as const satisfies Readonly<Record<string, FindingKind>>

export type DailyFindingCode = keyof typeof DAILY_FINDINGS
