import { Stats } from 'aws-cdk-lib/aws-cloudwatch'
import type { DetectionRuleProps } from '../constructs/detection-rules'
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

export const restoreAlarms = ({ names, policy }: DataRegion): AlarmSpec[] =>
  policy.restoreTesting.mode === 'none'
    ? []
    : [
        { id: 'restore-job-failed', metric: matchesOf(names.eventRule('restore-failed'), EVENT_MINUTES), ...once },
        { id: 'restore-test-failed', metric: ownMetric('restoreTestFailures', Stats.SUM), ...once },
      ]
