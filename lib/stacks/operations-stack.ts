import { Stack, type StackProps } from 'aws-cdk-lib'
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import type { AlarmId } from '../../core/detection/alarms'
import type { AlarmSpec, CompositeSpec } from '../alarms/spec'
import { DeclaredAlarm, DeclaredComposite } from '../constructs/declared-alarm'
import { DetectionRules, type DetectionRuleProps, type DetectionRulesProps } from '../constructs/detection-rules'
import { EscalationTopic } from '../constructs/escalation-topic'
import { FunctionFleet, type FunctionFleetProps } from '../constructs/function-fleet'
import { FunctionSchedule } from '../constructs/function-schedule'
import { OperationsDashboard } from '../constructs/operations-dashboard'

/** One level of the escalation with the addresses behind it. */
export interface EscalationLevel {
  readonly level: number
  readonly emails: readonly string[]
}

export interface OperationsStackProps extends StackProps, FunctionFleetProps {
  /** In order; the first one is paged by the alarms themselves. */
  readonly levels: readonly [EscalationLevel, ...EscalationLevel[]]
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
    const topic = ({ level, emails }: EscalationLevel) =>
      new EscalationTopic(this, `Level${level}`, { topicName: names.escalationTopic(level), key, emails })
    const [first, ...later] = props.levels
    const { action } = topic(first)
    for (const level of later) topic(level)
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
    for (const name of ['escalate', 'health-watch']) {
      const target = fleet.find(name)
      if (target)
        new FunctionSchedule(this, `${name}-schedule`, {
          scheduleName: names.function(name),
          roleName: names.role(`${name}-schedule`, role),
          target,
          key,
          everyMinutes: 1,
        })
    }
    return { function: intake, deadLetters }
  }
}
