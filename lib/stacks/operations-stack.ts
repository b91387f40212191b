import { Stack, type StackProps } from 'aws-cdk-lib'
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import type { AlarmId } from '../../core/detection/alarms'
import type { AlarmSpec, CompositeSpec } from '../alarms/spec'
import type { Recipients } from '../audiences'
import { AudienceTopic } from '../constructs/audience-topic'
import { CalendarSchedules, type ScheduledActivity } from '../constructs/calendar-schedules'
import { DeclaredAlarm, DeclaredComposite } from '../constructs/declared-alarm'
import { DetectionRules, type DetectionRuleProps, type DetectionRulesProps } from '../constructs/detection-rules'
import { FunctionFleet, type FunctionFleetProps } from '../constructs/function-fleet'
import { FunctionSchedule } from '../constructs/function-schedule'
import { OperationsDashboard } from '../constructs/operations-dashboard'

export interface OperationsStackProps extends StackProps, FunctionFleetProps {
  /** Who can be told; the first audience is paged by the alarms themselves. */
  readonly audiences: readonly [Recipients, ...Recipients[]]
  /** Activities that come due in this region. @default none: another region has the calendar */
  readonly calendar?: {
    readonly timeZone: string
    readonly watchEveryMinutes: number
    readonly activities: readonly ScheduledActivity[]
  }
  /** Time between two looks at the health of the platform; minutes. */
  readonly healthEveryMinutes: number
  readonly events: readonly DetectionRuleProps[]
  readonly alarms: readonly AlarmSpec[]
  readonly composites: readonly CompositeSpec[]
}

/** What notices, whom it tells, and what turns an alarm into an incident with a plan, in one region. */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    super(scope, id, props)
    const { key, logRetention, around } = props
    const { names, role } = around
    const topic = ({ audience, emails }: Recipients) =>
      new AudienceTopic(this, audience, { topicName: names.topic(audience), key, emails })
    const [first, ...others] = props.audiences
    const { action } = topic(first)
    for (const recipients of others) topic(recipients)
    // Without a second region there is no place that holds incidents; people are paged all the same.
    const intake = props.contracts.length > 0 ? this.addFunctions(props) : undefined
    new DetectionRules(this, 'Detection', { names, rules: props.events, key, logRetention, ...(intake && { intake }) })
    const alarms = props.alarms.map((spec) => {
      const constructId = [spec.id, spec.subject].filter(Boolean).join('-')
      const { alarm: made } = new DeclaredAlarm(this, constructId, { names, spec, action })
      return { id: spec.id, alarm: made }
    })
    const alarm = (wanted: AlarmId): IAlarm => {
      const found = alarms.find((candidate) => candidate.id === wanted)
      if (!found) throw new Error(`no alarm '${wanted}' in '${this.stackName}' for a composite alarm to weigh`)
      return found.alarm
    }
    const composites = props.composites.map(
      (spec) => new DeclaredComposite(this, spec.id, { names, spec, alarm, action }).alarm,
    )
    new OperationsDashboard(this, 'Dashboard', {
      dashboardName: names.dashboard(role),
      alarms: [...composites, ...alarms.map((declared) => declared.alarm)],
      specs: props.alarms,
    })
  }

  private addFunctions(props: OperationsStackProps): NonNullable<DetectionRulesProps['intake']> {
    const { key, around } = props
    const { names, role } = around
    const fleet = new FunctionFleet(this, 'Functions', props)
    const intake = fleet.find('incident-intake')
    if (!intake) throw new Error(`nothing opens incidents in '${names.region(role)}'`)
    const { deadLetters } = fleet
    deadLetters.addToResourcePolicy(
      new PolicyStatement({
        sid: 'UndeliveredEvents',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [deadLetters.queueArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    )
    if (props.calendar)
      new CalendarSchedules(this, 'Calendar', {
        ...props.calendar,
        groupName: names.scheduleGroup('calendar'),
        roleName: names.role('calendar', role),
        deadLetters,
        key,
      })
    const scheduled = [
      { name: 'escalate', everyMinutes: 1 },
      { name: 'health-watch', everyMinutes: 1 },
      { name: 'health-check', everyMinutes: props.healthEveryMinutes },
      ...(props.calendar ? [{ name: 'calendar-watch', everyMinutes: props.calendar.watchEveryMinutes }] : []),
    ]
    for (const { name, everyMinutes } of scheduled) {
      const target = fleet.find(name)
      if (target)
        new FunctionSchedule(this, `${name}-schedule`, {
          scheduleName: names.function(name),
          roleName: names.role(`${name}-schedule`, role),
          target,
          key,
          everyMinutes,
        })
    }
    return { function: intake, deadLetters }
  }
}
