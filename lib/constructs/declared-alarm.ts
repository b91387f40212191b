import { Alarm, ComparisonOperator, TreatMissingData, type IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import { ALARMS } from '../../core/detection/alarms'
import type { AlarmSpec } from '../alarms/spec'
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
    const { title, severity, owner, guide } = ALARMS[spec.id]
    this.alarm = new Alarm(this, 'Resource', {
      alarmName: names.alarm(spec.id, spec.subject),
      alarmDescription: `${title}. Severity ${severity}, owner ${owner}, guide docs/runbooks/${guide}`,
      metric: spec.metric,
      threshold: spec.threshold,
      comparisonOperator: OPERATOR[spec.rings],
      evaluationPeriods: spec.periods,
      treatMissingData: SILENCE[spec.silence],
    })
    this.alarm.addAlarmAction(action)
  }
}
