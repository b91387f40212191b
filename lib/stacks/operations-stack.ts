import { Stack, type StackProps } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { AlarmSpec } from '../alarms/spec'
import { DeclaredAlarm } from '../constructs/declared-alarm'
import { DetectionRules, type DetectionRuleProps } from '../constructs/detection-rules'
import { EscalationTopic } from '../constructs/escalation-topic'
import { OperationsDashboard } from '../constructs/operations-dashboard'
import type { DataRegionRole, Names } from '../names'

/** One level of the escalation with the addresses behind it. */
export interface EscalationLevel {
  readonly level: number
  readonly emails: readonly string[]
}

export interface OperationsStackProps extends StackProps {
  readonly names: Names
  readonly role: DataRegionRole
  /** In order; the first one is paged by the alarms themselves. */
  readonly levels: readonly [EscalationLevel, ...EscalationLevel[]]
  readonly events: readonly DetectionRuleProps[]
  readonly alarms: readonly AlarmSpec[]
  readonly key: IKey
  readonly logRetention: RetentionDays
}

/** What notices and whom it tells: events, alarms, a dashboard and the topics of the escalation of one region. */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    super(scope, id, props)
    const { names, key, logRetention } = props
    const topic = ({ level, emails }: EscalationLevel) =>
      new EscalationTopic(this, `Level${level}`, { topicName: names.escalationTopic(level), key, emails })
    const [first, ...later] = props.levels
    const { action } = topic(first)
    for (const level of later) topic(level)
    new DetectionRules(this, 'Detection', { names, rules: props.events, key, logRetention })
    const alarms = props.alarms.map((spec) => {
      const { alarm } = new DeclaredAlarm(this, [spec.id, spec.subject].filter(Boolean).join('-'), {
        names,
        spec,
        action,
      })
      return { spec, alarm }
    })
    new OperationsDashboard(this, 'Dashboard', { dashboardName: names.dashboard(props.role), alarms })
  }
}
