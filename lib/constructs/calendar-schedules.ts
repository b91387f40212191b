import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { ServiceRole } from './service-role'

/** One activity and the function that its time starts. */
export interface ScheduledActivity {
  readonly id: string
  /** AWS cron expression in the time zone. */
  readonly cron: string
  readonly functionArn: string
}

export interface CalendarSchedulesProps {
  readonly groupName: string
  readonly roleName: string
  readonly timeZone: string
  readonly activities: readonly ScheduledActivity[]
  readonly deadLetters: IQueue
  readonly key: IKey
}

/** The longest that EventBridge Scheduler goes on trying; seconds. A reminder a day late is better than none. */
const KEEP_TRYING_SECONDS = 24 * 3600

/** A schedule for each activity. The time for which it was scheduled travels with it, so that a late start is known as late. */
export class CalendarSchedules extends Construct {
  constructor(scope: Construct, id: string, props: CalendarSchedulesProps) {
    super(scope, id)
    const functions = [...new Set(props.activities.map(({ functionArn }) => functionArn))]
    const { role } = new ServiceRole(this, 'Role', {
      roleName: props.roleName,
      service: 'scheduler.amazonaws.com',
      statements: [
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: functions }),
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [props.deadLetters.queueArn] }),
        new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [props.key.keyArn] }),
      ],
    })
    const group = new CfnScheduleGroup(this, 'Group', { name: props.groupName })
    for (const activity of props.activities) {
      const schedule = new CfnSchedule(this, activity.id, {
        name: activity.id,
        groupName: props.groupName,
        scheduleExpression: activity.cron,
        scheduleExpressionTimezone: props.timeZone,
        flexibleTimeWindow: { mode: 'OFF' },
        kmsKeyArn: props.key.keyArn,
        target: {
          arn: activity.functionArn,
          roleArn: role.roleArn,
          input: JSON.stringify({ activity: activity.id, dueAt: '<aws.scheduler.scheduled-time>' }),
          retryPolicy: { maximumEventAgeInSeconds: KEEP_TRYING_SECONDS },
          deadLetterConfig: { arn: props.deadLetters.queueArn },
        },
      })
      schedule.addResourceDependency(group)
    }
  }
}
