import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  TreatMissingData,
  type AlarmBase,
  type IAlarm,
  type IAlarmAction,
} from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import { ALARMS, type AlarmId } from '../../core/detection/alarms'
import type { AlarmSpec, CompositeSpec } from '../alarms/spec'
import type { Names } from '../names'

export interface DeclaredAlarmProps {
  readonly names: Names
  readonly spec: AlarmSpec
  /** Whom it pages. */
  readonly action: IAlarmAction
}

const OPERATOR = {
  above: ComparisonOperator.GREATER_THAN_THRESHOLD,
  below: ComparisonOperator.LESS_THAN_THRESHOLD,
} as const
const SILENCE = { rings: TreatMissingData.BREACHING, 'is-fine': TreatMissingData.NOT_BREACHING } as const

/** An alarm of the register: its name leads to its declaration, its description tells whoever is called where to read on. */
export class DeclaredAlarm extends Construct {
  readonly alarm: Alarm

  constructor(scope: Construct, id: string, { names, spec, action }: DeclaredAlarmProps) {
    super(scope, id)
    this.alarm = new Alarm(this, 'Resource', {
      alarmName: names.alarm(spec.id, spec.subject),
      alarmDescription: descriptionOf(spec.id),
      metric: spec.metric,
      threshold: spec.threshold,
      comparisonOperator: OPERATOR[spec.rings],
      evaluationPeriods: spec.periods,
      treatMissingData: SILENCE[spec.silence],
    })
    this.alarm.addAlarmAction(action)
  }
}

export interface DeclaredCompositeProps {
  readonly names: Names
  readonly spec: CompositeSpec
  /** Alarms of the same stack, by what they are. Throws for one that is not there. */
  readonly alarm: (id: AlarmId) => IAlarm
  readonly action: IAlarmAction
}

/** The same for an alarm that weighs others. */
export class DeclaredComposite extends Construct {
  readonly alarm: AlarmBase

  constructor(scope: Construct, id: string, { names, spec, alarm, action }: DeclaredCompositeProps) {
    super(scope, id)
    const ringing = (other: AlarmId) => AlarmRule.fromAlarm(alarm(other), AlarmState.ALARM)
    const composite = new CompositeAlarm(this, 'Resource', {
      compositeAlarmName: names.alarm(spec.id),
      alarmDescription: descriptionOf(spec.id),
      alarmRule: AlarmRule.allOf(...spec.rings.map(ringing)),
    })
    composite.addAlarmAction(action)
    this.alarm = composite
  }
}

function descriptionOf(id: AlarmId): string {
  const { title, severity, owner, guide } = ALARMS[id]
  return `${title}. Severity ${severity}, owner ${owner}, guide docs/runbooks/${guide}`
}
