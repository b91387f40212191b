import { Duration } from 'aws-cdk-lib'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
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
  const any = { rings: 'above', threshold: 0, periods: 1, silence: 'is-fine' } as const
  const everywhere: AlarmSpec[] = [
    { id: 'compliance', metric: matchesOf(names.eventRule('compliance'), EVENT_MINUTES), ...any },
  ]
  if (role === 'primary') return everywhere
  return [
    ...everywhere,
    {
      id: 'availability',
      metric: ownMetric('apiAvailability', Stats.AVERAGE),
      rings: 'below',
      threshold: availability.alertBelowPercent,
      periods: availability.alertAfterMinutes,
      // Nobody observing the service is no better than the service being away.
      silence: 'rings',
    },
    {
      id: 'recovery-time',
      metric: ownMetric('openIncidentMinutes', Stats.MAXIMUM),
      rings: 'above',
      threshold: recoveryTime.alertAboveMinutes,
      periods: 1,
      silence: 'is-fine',
    },
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
    // The probes behind one value have already tried as often as the policy's detection demands.
    { id: 'primary-unreachable', metric: ownMetric('primaryUnreachable', Stats.MINIMUM), ...any },
    { id: 'replica-cut-off', metric: ownMetric('replicaCutOff', Stats.MINIMUM), ...any },
  ]
}

/** What is wrong, from which signals ring together. */
export const serviceComposites = ({ role }: DataRegion): CompositeSpec[] =>
  role === 'primary'
    ? []
    : [
        { id: 'region-lost', rings: ['primary-unreachable', 'replica-cut-off'], silent: [] },
        { id: 'release-ill', rings: ['availability'], silent: ['replica-cut-off'] },
      ]
