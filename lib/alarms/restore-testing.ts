import { Duration } from 'aws-cdk-lib'
import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { DetectionRuleProps } from '../constructs/detection-rules'
import { restoreTestsOf } from '../restore-tests'
import { matchesOf, ownMetric, type AlarmSpec, type DataRegion } from './spec'

/** AWS Backup sends events every five minutes, best effort. https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html */
const EVENT_MINUTES = 5
const once = { rings: 'above', threshold: 0, periods: 1, silence: 'is-fine' } as const

/** Restores that ended without a copy. Their events say `status` where those of backups say `state`. */
export const restoreEvents = ({ policy }: DataRegion): DetectionRuleProps[] =>
  policy.restoreTesting.mode === 'none'
    ? []
    : [
        {
          purpose: 'restore-failed',
          pattern: {
            source: ['aws.backup'],
            'detail-type': ['Restore Job State Change'],
            detail: { status: ['ABORTED', 'FAILED'] },
          },
        },
      ]

export function restoreAlarms({ names, role, policy }: DataRegion): AlarmSpec[] {
  const { restoreTesting } = policy
  if (restoreTesting.mode === 'none') return []
  const proven = ownMetric('provenRestores', Stats.MAXIMUM).with({
    period: Duration.minutes(restoreTesting.countEveryMinutes),
  })
  return [
    { id: 'restore-job-failed', metric: matchesOf(names.eventRule('restore-failed'), EVENT_MINUTES), ...once },
    { id: 'restore-test-failed', metric: ownMetric('restoreTestFailures', Stats.SUM), ...once },
    // CloudWatch looks back seven days at most, and a test is due every seventh: so what passed lately is counted by a function.
    // Two periods, since a run that drifts over the edge of one leaves it empty.
    ...(restoreTestsOf(names, role, policy).length > 0
      ? [
          {
            id: 'restore-test-missing',
            metric: proven,
            rings: 'below',
            threshold: 1,
            periods: 2,
            silence: 'rings',
          } as const,
          {
            id: 'restore-copy-left',
            metric: ownMetric('leftTestCopies', Stats.MAXIMUM).with({
              period: Duration.minutes(restoreTesting.countEveryMinutes),
            }),
            ...once,
          } as const,
        ]
      : []),
  ]
}
