/** Names that a stack declares and an adapter relies on. Constants only. */

/** Partition and sort key of a coordination table; both strings. The partition is the key's first path segment. */
export const COORDINATION_TABLE_KEYS = { partition: 'scope', sort: 'key' } as const

/** Key of the switch object: it exists while traffic belongs to the recovery region. */
export const SWITCH_TO_RECOVERY = 'traffic-in-recovery'

/**
 * Key of the object that exists while traffic of a region belongs to the database restored there under the next name, which
 * is part of the key: once that is declared, another name is the next, and nothing has to be taken away.
 */
export const switchToNext = (region: string, next: string): string => `traffic-in-${region}-at-${next}`

/** Key of the one object in each switch bucket that health checkers may read, besides the switch itself. */
export const SWITCH_ALWAYS_PRESENT = 'always-present'

/**
 * Tag of a database that writes or may write, by which the backup plan of its region selects it: the promotion sets it on
 * the new primary, a stack on an instance that is created as one.
 */
export const WRITER_TAG = { key: 'recovery:backup-plan', value: 'writer' } as const

/** Tag that carries the key of the run that started a promotion, so that a repeated request recognises its own. */
export const PROMOTION_TAG = 'recovery:promotion'

/** The same of a failover to the standby in another zone. */
export const ZONE_FAILOVER_TAG = 'recovery:zone-failover'

/** The same of a copy that was restored beside: only what carries it is guarded, or removed, without being declared. */
export const RESTORE_TAG = 'recovery:restore'

/** The same of a database whose owner was given a password that nobody knows. */
export const REVOCATION_TAG = 'recovery:revocation'

/** Tag of a copy that is evidence, and what the keys of the logs beside it begin with in the archive. */
export const FORENSICS_TAG = 'recovery:forensics'
export const FORENSICS_PREFIX = 'forensics'

/** Inline policy of a role that denies everything to its older sessions. */
export const SESSIONS_POLICY = 'recovery-revokes-older-sessions'

/** Tag of a stack of the platform with the hash of the assembly that it was deployed from. */
export const ASSEMBLY_TAG = 'recovery:assembly'

/** Folder of the bucket of code with the templates of releases; no copy of the repository is in it. */
export const TEMPLATES_FOLDER = 'templates'

/** Folder of the bucket of evidence with lists of what a recovery has left behind; no record is in it. */
export const LATER_WRITES_FOLDER = 'later-writes'

export { BASELINE_KEY } from '../../core/readiness/baseline'
export { BASELINE_HISTORY_PREFIX } from '../../core/readiness/baseline-history'
export { EPOCH_KEY } from '../../core/coordination/writer-epoch'
export { EXAMINATION_PREFIX } from '../../core/detection/examination'

/** Function at whose URL people ask for a role, approve and open it. */
/** What the source identity of a role for one task begins with; twelve digits that tell one person from another follow. */
export const SOURCE_IDENTITY_PREFIX = 'person-'

export const DESK_FUNCTION = 'desk'

/** Namespace of the metrics that our functions publish. One account holds one environment, so there are no dimensions. */
export const METRIC_NAMESPACE = 'Recovery'

/** Metrics that our functions publish. */
export const METRIC = {
  /** Renewals of the write lease in one minute's shift of the guard; count. */
  leaseRenewals: 'LeaseRenewals',
  /** What is wrong with the newest copy of the source code; count. */
  codeFindings: 'CodeFindings',
  /** 100 for an attempt to be served that was answered well, 0 for any other one; their average is the availability in percent. */
  apiAvailability: 'ApiAvailability',
  /** 1 while the API of the primary region answers neither probe, else 0. */
  primaryUnreachable: 'PrimaryUnreachable',
  /** 1 while the replica hears nothing from the primary, else 0. */
  replicaCutOff: 'ReplicaCutOff',
  /** Incidents that are open because a rule is violated; count. */
  openViolations: 'OpenViolations',
  /** Places of coordination that could not be read; count. */
  placesAway: 'PlacesAway',
  /** Age of the oldest critical incident that is open; minutes. */
  openIncidentMinutes: 'OpenIncidentMinutes',
  /** Validations that found data not as it should be, or what of the serving database or of its replica a look found changed; count. */
  dataIntegrityFailures: 'DataIntegrityFailures',
  /** Kinds of attack that the counters of the serving database show, by comparison with a look before; count. */
  changeFindings: 'ChangeFindings',
  /** From a change of a setting to its last acknowledgement by a region; seconds. */
  configurationCopySeconds: 'ConfigurationCopySeconds',
  /** Restore tests whose copy was not proven good; count. */
  restoreTestFailures: 'RestoreTestFailures',
  /** Copies of restore tests that are there although their test is over; count. */
  leftTestCopies: 'LeftTestCopies',
  /** Restore tests passed lately, of the plan that has fewest; count. */
  provenRestores: 'ProvenRestores',
  /** Comparisons of the replica with its source that came to an end, whatever that was; count. */
  replicaComparisons: 'ReplicaComparisons',
  /** What a daily look at the backups found wrong, or could not see; count. */
  dailyFindings: 'DailyFindings',
  /** Checks of the health that found something unhealthy, or could not look; count. */
  unhealthyChecks: 'UnhealthyChecks',
  /** What a failover rests on and is not ready; count. */
  readinessFindings: 'ReadinessFindings',
  /** Backups of the whole environment; count. */
  environmentBackups: 'EnvironmentBackups',
  /** Activities of the calendar that nobody attested in time, or nothing asked for; count. */
  overdueActivities: 'OverdueActivities',
  /** Data classes whose export of the month should be in the archive and is not; count. */
  lateArchiveExports: 'LateArchiveExports',
  /** Data classes whose last dump should be whole in the archive and is not; count. */
  lateArchiveDumps: 'LateArchiveDumps',
  /** Parts of the archive, a form of a class each, that no reading has proven readable since the last one was due, or that the newest found damaged; count. */
  unreadArchiveParts: 'UnreadArchiveParts',
} as const
