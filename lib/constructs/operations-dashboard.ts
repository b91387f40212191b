import { AlarmStatusWidget, Dashboard, GraphWidget, TextWidget, type IAlarm } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import { ALARMS, type AlarmId } from '../../core/detection/alarms'
import type { AlarmSpec } from '../alarms/spec'

export interface OperationsDashboardProps {
  readonly dashboardName: string
  readonly alarms: readonly IAlarm[]
  /** What is drawn below them. */
  readonly specs: readonly AlarmSpec[]
}

/** Every alarm's state on top, below it the metric of each kind of alarm with its threshold. */
export class OperationsDashboard extends Construct {
  constructor(scope: Construct, id: string, { dashboardName, alarms, specs }: OperationsDashboardProps) {
    super(scope, id)
    const dashboard = new Dashboard(this, 'Resource', { dashboardName })
    dashboard.addWidgets(
      new TextWidget({ markdown: `# ${dashboardName}\nGuides: docs/runbooks`, width: WHOLE, height: 2 }),
    )
    dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: WHOLE, height: 8 }))
    const kinds = [...new Set(specs.map((spec) => spec.id))]
    dashboard.addWidgets(...kinds.map((kind) => graphOf(kind, specs)))
  }
}

const WHOLE = 24

function graphOf(kind: AlarmId, specs: readonly AlarmSpec[]): GraphWidget {
  const own = specs.filter((spec) => spec.id === kind)
  const [first] = own
  return new GraphWidget({
    title: ALARMS[kind].title,
    width: WHOLE / 3,
    left: own.map(({ metric }) => metric),
    ...(first && { leftAnnotations: [{ value: first.threshold, label: 'alarm' }] }),
  })
}
