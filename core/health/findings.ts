import type { FindingKind } from '../verification/daily/findings'

/** A finding that leaves clients served but something worn, or one that says that something does not do its work. */
export type Grade = 'degraded' | 'unhealthy'

export interface HealthFindingKind extends FindingKind {
  readonly grade: Grade
}

/** Every way in which a check of the health can fail. */
export const HEALTH_FINDINGS = {
  'page-silent': {
    grade: 'unhealthy',
    cause: 'the served page does not answer',
    remedy: 'look where the served name leads, then whether the application there runs',
    guide: 'health.md#page',
  },
  'page-error': {
    grade: 'unhealthy',
    cause: 'the served page answers with an error',
    remedy: 'read what the database checks say; if they are well, the release is ill, so plan a rollback',
    guide: 'health.md#page',
  },
  'page-slow': {
    grade: 'degraded',
    cause: 'the served page answers later than it should',
    remedy: 'compare the load with that of an ordinary hour, and look for long queries',
    guide: 'health.md#page',
  },
  'errors-many': {
    grade: 'unhealthy',
    cause: 'of the attempts of late fewer were answered well than the procedure allows',
    remedy: 'follow the guide of the availability alarm',
    guide: 'service.md#availability',
  },
  'errors-some': {
    grade: 'degraded',
    cause: 'of the attempts of late fewer were answered well than the target asks',
    remedy: 'look which answers failed; a deployment or a change of zone explains a minute of it',
    guide: 'health.md#error-rate',
  },
  'certificate-untrusted': {
    grade: 'unhealthy',
    cause: 'the chain of the certificate ends at no authority that is trusted',
    remedy: 'put the issued chain back, whole; look in the trail for who changed it',
    guide: 'health.md#certificate',
  },
  'certificate-misnamed': {
    grade: 'unhealthy',
    cause: 'the certificate is for another name',
    remedy: 'see where the name leads; then issue the certificate for it anew',
    guide: 'health.md#certificate',
  },
  'certificate-ending': {
    grade: 'unhealthy',
    cause: 'the certificate has expired, or does within days',
    remedy: 'renew it by hand today',
    guide: 'health.md#certificate',
  },
  'certificate-due': {
    grade: 'degraded',
    cause: 'the certificate should have been renewed by now',
    remedy: 'find out why the renewal does not happen by itself',
    guide: 'health.md#certificate',
  },
  'protocol-weak': {
    grade: 'unhealthy',
    cause: 'the server agrees to a version of TLS that is older than the policy allows',
    remedy: 'set the declared minimum again; look in the trail for who lowered it',
    guide: 'health.md#protocol',
  },
  'name-missing': {
    grade: 'unhealthy',
    cause: 'a served name has no answer',
    remedy: 'deploy the names of the region again',
    guide: 'health.md#names',
  },
  'name-astray': {
    grade: 'unhealthy',
    cause: 'a served name leads to something that is not allowed',
    remedy: 'treat it as an incident of security; deploy the names of both regions again',
    guide: 'health.md#names',
  },
  'name-remembered': {
    grade: 'degraded',
    cause: 'clients may remember a served name for longer than a failover counts on',
    remedy: 'deploy the names of the region again',
    guide: 'health.md#names',
  },
  'read-refused': {
    grade: 'unhealthy',
    cause: 'the database of the region answers no session',
    remedy: 'look at the state of the instance and at its newest events',
    guide: 'health.md#database',
  },
  'write-refused': {
    grade: 'unhealthy',
    cause: 'a row that was written to the serving database could not be committed or read back',
    remedy: 'look who holds the write lease, and whether the standby of the zone answers',
    guide: 'health.md#database',
  },
  'writer-in-recovery': {
    grade: 'unhealthy',
    cause: 'the served name leads to a database that only replays another one',
    remedy: 'see which runbook was interrupted, and let it go on',
    guide: 'health.md#database',
  },
  'heartbeat-old': {
    grade: 'unhealthy',
    cause: 'nobody has renewed the write lease of the serving database lately',
    remedy: 'follow the guide of the lease that is stale',
    guide: 'coordination.md#lease-stale',
  },
  'replica-silent': {
    grade: 'unhealthy',
    cause: 'the replica does not hear from its source',
    remedy: 'follow the guide of a replica that is cut off',
    guide: 'service.md#replica-cut-off',
  },
  'replica-behind': {
    grade: 'degraded',
    cause: 'the newest heartbeat on the replica is older than the promise allows',
    remedy: 'follow the guide of a replica that lags',
    guide: 'database.md#replica-lag',
  },
  'replica-none': {
    grade: 'degraded',
    cause: 'the database of the region that does not serve follows nobody',
    remedy: 'after a failover: prepare the way back; otherwise find out who promoted it',
    guide: 'health.md#replica',
  },
  'dead-letters': {
    grade: 'degraded',
    cause: 'a function could not take an event',
    remedy: 'follow the guide of dead letters',
    guide: 'functions.md#dead-letters',
  },
  'dead-letters-old': {
    grade: 'unhealthy',
    cause: 'nobody has looked at what a function could not take',
    remedy: 'read and answer it now: after two weeks it is gone',
    guide: 'functions.md#dead-letters',
  },
  'function-errors': {
    grade: 'degraded',
    cause: 'a function failed of late',
    remedy: 'follow the guide of a function that fails',
    guide: 'functions.md#function-errors',
  },
  'function-failing': {
    grade: 'unhealthy',
    cause: 'every run of a function failed of late',
    remedy: 'follow the guide of a function that fails',
    guide: 'functions.md#function-errors',
  },
  'function-throttled': {
    grade: 'degraded',
    cause: 'a function was asked more often than it may run at a time',
    remedy: 'look who calls it, and how long its runs take',
    guide: 'health.md#functions',
  },
  'function-silent': {
    grade: 'unhealthy',
    cause: 'a function that runs each minute has not ended well lately',
    remedy: 'look at its schedule, then at its log',
    guide: 'health.md#functions',
  },
  'backups-bad': {
    grade: 'unhealthy',
    cause: 'the newest daily look at the backups found something wrong',
    remedy: 'read what it found with recovery verify --target',
    guide: 'backups.md#daily-verification',
  },
  'backups-unwatched': {
    grade: 'unhealthy',
    cause: 'nobody has looked at the backups lately',
    remedy: 'run recovery verify --target now, then see why the function does not run',
    guide: 'backups.md#daily-verification',
  },
  'alarm-critical': {
    grade: 'unhealthy',
    cause: 'an alarm of the highest severity rings',
    remedy: 'follow the guide that the alarm names',
    guide: 'health.md#alarms',
  },
  'alarm-ringing': {
    grade: 'degraded',
    cause: 'an alarm rings',
    remedy: 'follow the guide that the alarm names',
    guide: 'health.md#alarms',
  },
  'component-down': {
    grade: 'unhealthy',
    cause: 'what is in force of a component does not serve',
    remedy: 'plan a rollback to the newest healthy release',
    guide: 'health.md#components',
  },
} as const satisfies Readonly<Record<string, HealthFindingKind>>

export type HealthFindingCode = keyof typeof HEALTH_FINDINGS
