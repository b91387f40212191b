import { Duration } from 'aws-cdk-lib'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import { awsMetric, ownMetric, type AlarmSpec, type DataRegion } from './spec'

/** The guard runs in both regions; the lease is renewed only where the database serves. */
export function coordinationAlarms({ names, role, policy }: DataRegion): AlarmSpec[] {
  const { guardSilentMinutes, leaseStaleMinutes } = policy.operations.alarms
  const runs = awsMetric(
    'AWS/Lambda',
    'Invocations',
    { FunctionName: names.function('guard') },
    { statistic: Stats.SUM },
  )
  return [
    { id: 'guard-silent', metric: runs, rings: 'below', threshold: 1, periods: guardSilentMinutes, silence: 'rings' },
    ...(policy.topology.active === role
      ? [
          {
            id: 'lease-stale',
            metric: ownMetric('leaseRenewals', Stats.SUM),
            rings: 'below',
            threshold: 1,
            periods: leaseStaleMinutes,
            silence: 'rings',
          } as const,
        ]
      : []),
    ...(role === 'primary'
      ? [
          {
            id: 'not-ready',
            metric: ownMetric('readinessFindings', Stats.MAXIMUM).with({
              period: Duration.minutes(policy.readiness.prepareEveryMinutes),
            }),
            rings: 'above',
            threshold: 0,
            // Two periods, since a run that drifts over the edge of one leaves it empty.
            periods: 2,
            silence: 'rings',
          } as const,
        ]
      : []),
  ]
}
