import { Duration } from 'aws-cdk-lib'
import { MathExpression, Stats, type IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import { hasRecoveryRegion } from '../../core/policy'
import type { DetectionRuleProps } from '../constructs/detection-rules'
import { matchesOf, ownMetric, type AlarmSpec, type CompositeSpec, type DataRegion } from './spec'

/** EventBridge counts a rule's matches each minute; five gather what belongs together. */
const EVENT_MINUTES = 5

/** Violations of the region, whoever runs the recorder behind them. */
export const serviceEvents = (): DetectionRuleProps[] => [
  {
    purpose: 'compliance',
    pattern: {
      source: ['aws.config'],
      'detail-type': ['Config Rules Compliance Change'],
      detail: { newEvaluationResult: { complianceType: ['NON_COMPLIANT'] } },
    },
  },
]

/** The procedure's KPIs, and the signals from which the disasters are told apart. Health is observed from the recovery region. */
export function serviceAlarms({ names, role, policy }: DataRegion): AlarmSpec[] {
  const { availability, recoveryTime } = policy.kpis
  const { regionLostDatapoints, placeAwayMinutes } = policy.operations.alarms
  const any = { rings: 'above', threshold: 0, periods: 1, silence: 'is-fine' } as const
  const everywhere: AlarmSpec[] = [
    { id: 'compliance', metric: matchesOf(names.eventRule('compliance'), EVENT_MINUTES), ...any },
    ...(hasRecoveryRegion(policy)
      ? [
          {
            id: 'recovery-time',
            metric: ownMetric('openIncidentMinutes', Stats.MAXIMUM),
            rings: 'above',
            threshold: recoveryTime.alertAboveMinutes,
            periods: 1,
            // Published each minute, also while nothing is open: without it nobody is told of anything any more.
            silence: 'rings',
          } as const,
          {
            id: 'unhealthy',
            metric: ownMetric('unhealthyChecks', Stats.MAXIMUM).with({
              period: Duration.minutes(policy.health.everyMinutes),
            }),
            rings: 'above',
            threshold: 0,
            // Two looks in a row, as a change of the zone of the database is over before the second; and since a look that
            // drifts over the edge of a period leaves it empty.
            periods: 2,
            silence: 'rings',
          } as const,
          {
            id: 'place-away',
            metric: ownMetric('placesAway', Stats.MINIMUM),
            rings: 'above',
            threshold: 0,
            periods: placeAwayMinutes,
            // The alarm above rings then.
            silence: 'is-fine',
          } as const,
        ]
      : []),
  ]
  if (role === 'primary')
    return hasRecoveryRegion(policy)
      ? [
          ...everywhere,
          {
            id: 'data-integrity',
            // Compared daily, and at each preparation for as long as something differs; that nobody prepares rings by itself.
            metric: ownMetric('dataIntegrityFailures', Stats.MAXIMUM).with({
              period: Duration.minutes(policy.readiness.prepareEveryMinutes),
            }),
            ...any,
          },
        ]
      : everywhere
  const lasting = { ...any, periods: regionLostDatapoints } as const
  return [
    ...everywhere,
    {
      id: 'availability',
      // Of every attempt of the window.
      metric: ownMetric('apiAvailability', Stats.AVERAGE).with({
        period: Duration.minutes(availability.alertAfterMinutes),
      }),
      rings: 'below',
      threshold: availability.alertBelowPercent,
      periods: 1,
      // Nobody observing the service is no better than the service being away.
      silence: 'rings',
    },
    // What is found anew rings for minutes and opens an incident; this one rings for as long as that is open.
    { id: 'compliance-open', metric: ownMetric('openViolations', Stats.MAXIMUM), ...any },
    {
      id: 'activity-overdue',
      metric: ownMetric('overdueActivities', Stats.MAXIMUM).with({
        period: Duration.minutes(policy.calendar.watchEveryMinutes),
      }),
      rings: 'above',
      threshold: 0,
      // Two periods, since a run that drifts over the edge of one leaves it empty.
      periods: 2,
      silence: 'rings',
    },
    { id: 'data-integrity', metric: ownMetric('dataIntegrityFailures', Stats.SUM), ...any },
    // Longer than a change of the zone of the database takes, after which both are well again.
    { id: 'primary-unreachable', metric: ownMetric('primaryUnreachable', Stats.MINIMUM), ...lasting },
    { id: 'replica-cut-off', metric: ownMetric('replicaCutOff', Stats.MINIMUM), ...lasting },
    {
      id: 'release-ill',
      metric: illBesideItsDatabase(availability.alertBelowPercent),
      rings: 'above',
      threshold: 0,
      // In a row, where the availability is that of all of them together: a change of the zone is over before.
      periods: availability.alertAfterMinutes,
      // Nobody observing the service says nothing of its release.
      silence: 'is-fine',
    },
  ]
}

/**
 * 1 for a minute in which the service is less available than allowed while the replica hears from the primary, so that the
 * database is well; nothing for one in which nobody asked the service. A replica that was promoted hears nobody and counts as
 * one that hears.
 */
const illBesideItsDatabase = (allowedPercent: number): IMetric =>
  new MathExpression({
    expression: `IF(served < ${allowedPercent} AND FILL(cutOff, 0) < 1, 1, 0)`,
    usingMetrics: {
      served: ownMetric('apiAvailability', Stats.AVERAGE),
      cutOff: ownMetric('replicaCutOff', Stats.MAXIMUM),
    },
    label: 'Ill beside a database that is well',
    period: Duration.minutes(1),
  })

/** What is wrong, from which signals ring together. */
export const serviceComposites = ({ role }: DataRegion): CompositeSpec[] =>
  role === 'primary' ? [] : [{ id: 'region-lost', rings: ['primary-unreachable', 'replica-cut-off'] }]
