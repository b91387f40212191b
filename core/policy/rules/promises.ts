import type { Policy } from '../schema'
import { when, type Finding, type Rule } from './rule'

const paces = (policy: Policy): [path: string, pace: Policy['pace']][] => [
  ['pace', policy.pace],
  ['rehearsal.pace', policy.rehearsal.pace],
]

const forEachPace = (policy: Policy, check: (pace: Policy['pace'], path: string) => readonly Finding[]): Finding[] =>
  paces(policy).flatMap(([path, pace]) => check(pace, path))

export const promiseRules: readonly Rule[] = [
  {
    id: 'leaseIsRenewedInTime',
    promise: 'a guard may miss two renewals before the primary stops',
    reads: ['pace.lease.durationSeconds', 'pace.lease.renewEverySeconds'],
    check: (policy) =>
      forEachPace(policy, ({ lease }, path) =>
        when(
          lease.durationSeconds < 3 * lease.renewEverySeconds,
          `${path}.lease.durationSeconds`,
          `is ${lease.durationSeconds} with a renewal every ${lease.renewEverySeconds}`,
          `use at least ${3 * lease.renewEverySeconds}`,
        ),
      ),
  },
  {
    id: 'marginCoversClocks',
    promise: 'the promoter waits longer than the lease by more than clocks can drift',
    reads: ['pace.lease.marginSeconds', 'pace.lease.durationSeconds'],
    check: (policy) =>
      forEachPace(policy, ({ lease }, path) =>
        when(
          lease.marginSeconds < lease.durationSeconds * 0.1,
          `${path}.lease.marginSeconds`,
          `is ${lease.marginSeconds}, less than a tenth of the lease`,
          `use at least ${lease.durationSeconds * 0.1}`,
        ),
      ),
  },
  {
    id: 'probeAnswersBeforeDeclaration',
    promise: 'a failure is declared on answers, not on probes still waiting',
    reads: [
      'pace.detection.probeTimeoutSeconds',
      'pace.detection.probeEverySeconds',
      'pace.detection.consecutiveFailures',
    ],
    check: (policy) =>
      forEachPace(policy, ({ detection: d }, path) =>
        when(
          d.probeTimeoutSeconds >= d.probeEverySeconds * d.consecutiveFailures,
          `${path}.detection.probeTimeoutSeconds`,
          `is ${d.probeTimeoutSeconds}, as long as the whole detection`,
          'shorten it',
        ),
      ),
  },
  {
    id: 'pauseIsNoFailure',
    promise: 'a pause of one second never starts a failover',
    reads: ['pace.detection.probeEverySeconds', 'pace.detection.consecutiveFailures'],
    check: (policy) =>
      forEachPace(policy, ({ detection: d }, path) =>
        when(
          d.probeEverySeconds * d.consecutiveFailures < 1.2,
          `${path}.detection.consecutiveFailures`,
          `declares after ${d.probeEverySeconds * d.consecutiveFailures} s`,
          'need at least 1.2 s of failure',
        ),
      ),
  },
  {
    id: 'fenceAttemptFitsTheLease',
    promise: 'trying to fence directly never delays the failover',
    reads: ['pace.fenceAttemptSeconds', 'pace.lease'],
    check: (policy) =>
      forEachPace(policy, (pace, path) =>
        when(
          pace.fenceAttemptSeconds > pace.lease.durationSeconds + pace.lease.marginSeconds,
          `${path}.fenceAttemptSeconds`,
          `is ${pace.fenceAttemptSeconds}, longer than the wait for the lease`,
          'shorten it',
        ),
      ),
  },
  {
    id: 'fenceTimeoutCoversTheLease',
    promise: 'the fence step never times out before the lease can end',
    reads: ['failover.timeouts.fenceSeconds', 'pace.lease', 'pace.fenceAttemptSeconds'],
    check: ({ failover, pace }) => {
      const needed = pace.lease.durationSeconds + pace.lease.marginSeconds + pace.fenceAttemptSeconds
      return when(
        failover.timeouts.fenceSeconds <= needed,
        'failover.timeouts.fenceSeconds',
        `is ${failover.timeouts.fenceSeconds}, lease and attempt need ${needed}`,
        'raise it',
      )
    },
  },
  {
    id: 'switchOutlastsTheCache',
    promise: 'the switch step waits out what clients may have cached',
    reads: ['failover.timeouts.switchSeconds', 'pace.dns.ttlSeconds'],
    check: ({ failover, pace }) =>
      when(
        failover.timeouts.switchSeconds <= pace.dns.ttlSeconds,
        'failover.timeouts.switchSeconds',
        `is ${failover.timeouts.switchSeconds}, the TTL is ${pace.dns.ttlSeconds}`,
        'raise it above the TTL',
      ),
  },
  {
    id: 'rehearsalIsFaster',
    promise: 'the rehearsal never claims a pace slower than production to look good',
    reads: ['rehearsal.pace.lease.durationSeconds', 'pace.lease.durationSeconds'],
    check: ({ rehearsal, pace }) =>
      when(
        rehearsal.pace.lease.durationSeconds > pace.lease.durationSeconds,
        'rehearsal.pace.lease.durationSeconds',
        'is longer than in production',
        'shorten it',
      ),
  },
  {
    id: 'patientDataIsStrictest',
    promise: 'patient data never has a weaker objective than critical data',
    reads: ['objectives.rpo.patientMinutes', 'objectives.rpo.criticalMinutes'],
    check: ({ objectives: { rpo } }) =>
      when(
        rpo.patientMinutes > rpo.criticalMinutes,
        'objectives.rpo.patientMinutes',
        `is ${rpo.patientMinutes}, above critical data's ${rpo.criticalMinutes}`,
        'lower it',
      ),
  },
  {
    id: 'criticalServicesComeFirst',
    promise: 'critical services are back before the full system',
    reads: ['objectives.rto.criticalServicesMinutes', 'objectives.rto.fullSystemMinutes'],
    check: ({ objectives: { rto } }) =>
      when(
        rto.criticalServicesMinutes >= rto.fullSystemMinutes,
        'objectives.rto.criticalServicesMinutes',
        `is ${rto.criticalServicesMinutes}, the full system's is ${rto.fullSystemMinutes}`,
        'lower it',
      ),
  },
  {
    id: 'availabilityAlarmsBelowTarget',
    promise: 'the availability alarm means more than a missed target',
    reads: ['kpis.availability.alertBelowPercent', 'kpis.availability.targetPercent'],
    check: ({ kpis: { availability: a } }) =>
      when(
        a.alertBelowPercent >= a.targetPercent,
        'kpis.availability.alertBelowPercent',
        `is ${a.alertBelowPercent}, the target is ${a.targetPercent}`,
        'set it below the target',
      ),
  },
  {
    id: 'recoveryAlarmAfterTarget',
    promise: 'the recovery-time alarm rings after the target, and the target is the objective',
    reads: ['kpis.recoveryTime', 'objectives.rto.criticalServicesMinutes'],
    check: ({ kpis: { recoveryTime: k }, objectives: { rto } }) => [
      ...when(
        k.alertAboveMinutes <= k.targetMinutes,
        'kpis.recoveryTime.alertAboveMinutes',
        `is ${k.alertAboveMinutes}, the target is ${k.targetMinutes}`,
        'raise it',
      ),
      ...when(
        k.targetMinutes !== rto.criticalServicesMinutes,
        'kpis.recoveryTime.targetMinutes',
        `is ${k.targetMinutes}, the objective is ${rto.criticalServicesMinutes}`,
        'use the objective',
      ),
    ],
  },
  {
    id: 'escalationHasNoGap',
    promise: 'at every age of an incident somebody is called',
    reads: ['escalation'],
    check: ({ escalation }) => {
      const byTime = escalation
        .filter((level) => level.when === 'by-time')
        .toSorted((a, b) => a.fromMinutes - b.fromMinutes)
      const broken =
        byTime.some((level, i) => (byTime[i - 1]?.untilMinutes ?? 0) !== level.fromMinutes) ||
        byTime.at(-1)?.untilMinutes !== 'open'
      return when(
        broken,
        'escalation',
        'leaves a time at which nobody is called',
        'let each level start where the one before ends, the last one open',
      )
    },
  },
  {
    id: 'rollbackBudgetsAreOrdered',
    promise: 'the expected downtime of a rollback is within its budget',
    reads: ['rollbacks'],
    check: ({ rollbacks }) =>
      Object.entries(rollbacks).flatMap(([type, { downtimeMinutes: d }]) =>
        when(
          d.expected > d.atMost,
          `rollbacks.${type}.downtimeMinutes.expected`,
          `is ${d.expected}, above the budget of ${d.atMost}`,
          'lower it',
        ),
      ),
  },
  {
    id: 'medicalRecordsKeptByLaw',
    promise: 'medical records are kept at least 20 years (Lei 13.787/2018 art. 6)',
    reads: ['dataClasses.phi.retentionYears'],
    check: ({ dataClasses: { phi } }) =>
      when(phi.retentionYears < 20, 'dataClasses.phi.retentionYears', `is ${phi.retentionYears}`, 'keep at least 20'),
  },
  {
    id: 'passwordsAreLongEnough',
    promise: 'passwords have at least the 12 characters of the procedure',
    reads: ['access.authentication.passwordMinLength'],
    check: ({ access: { authentication: a } }) =>
      when(
        a.passwordMinLength < 12,
        'access.authentication.passwordMinLength',
        `is ${a.passwordMinLength}`,
        'use at least 12',
      ),
  },
  {
    id: 'tlsMatchesTheStandard',
    promise: 'the database accepts no TLS older than the encryption standard says',
    reads: ['database.tlsMinimum', 'backup.encryption.inTransit', 'encryption.inTransit.database'],
    check: ({ database, encryption }) =>
      when(
        encryption.inTransit.database.includes('TLS 1.3') && database.tlsMinimum !== 'TLSv1.3',
        'database.tlsMinimum',
        `is ${database.tlsMinimum}, the standard says TLS 1.3`,
        "use 'TLSv1.3'",
      ),
  },
  {
    id: 'storesAreUnique',
    promise: 'every store has one entry in the register',
    reads: ['stores'],
    check: ({ stores }) =>
      stores.flatMap((store, i) =>
        when(
          stores.findIndex((s) => s.id === store.id) !== i,
          `stores.${i}.id`,
          `'${store.id}' is registered twice`,
          'keep one entry',
        ),
      ),
  },
  {
    id: 'healthDataIsPatientTier',
    promise: 'health data is recovered to the objective of patient data',
    reads: ['stores'],
    check: ({ stores }) =>
      stores.flatMap((store, i) =>
        when(
          store.dataClass === 'phi' && store.kind === 'table' && store.tier !== 'patient',
          `stores.${i}.tier`,
          `is '${store.tier}' for health data`,
          "use 'patient'",
        ),
      ),
  },
  {
    id: 'documentIsReviewedAfterItStarts',
    promise: 'the procedure is reviewed after it came into force',
    reads: ['documentControl.effectiveDate', 'documentControl.reviewDate'],
    check: ({ documentControl: d }) =>
      when(
        d.reviewDate <= d.effectiveDate,
        'documentControl.reviewDate',
        `is ${d.reviewDate}, not after ${d.effectiveDate}`,
        'set a later date',
      ),
  },
]
