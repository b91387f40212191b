import { AlarmStatusWidget, Dashboard, GraphWidget, TextWidget, type Alarm } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import { ALARMS, type AlarmId } from '../../core/detection/alarms'
import type { AlarmSpec } from '../alarms/spec'

export interface OperationsDashboardProps {
  readonly dashboardName: string
  readonly alarms: readonly { readonly spec: AlarmSpec; readonly alarm: Alarm }[]
}

/** Every alarm's state on top, below it the metric of each kind of alarm with its threshold. */
export class OperationsDashboard extends Construct {
  constructor(scope: Construct, id: string, { dashboardName, alarms }: OperationsDashboardProps) {
    super(scope, id)
    const dashboard = new Dashboard(this, 'Resource', { dashboardName })
    dashboard.addWidgets(
      new TextWidget({ markdown: `# ${dashboardName}\nGuides: docs/runbooks`, width: WHOLE, height: 2 }),
    )
    dashboard.addWidgets(
      new AlarmStatusWidget({ title: 'Alarms', alarms: alarms.map(({ alarm }) => alarm), width: WHOLE, height: 8 }),
    )
    const kinds = [...new Set(alarms.map(({ spec }) => spec.id))]
    dashboard.addWidgets(...kinds.map((kind) => graphOf(kind, alarms)))
  }
}

const WHOLE = 24

function graphOf(kind: AlarmId, alarms: OperationsDashboardProps['alarms']): GraphWidget {
  const own = alarms.filter(({ spec }) => spec.id === kind)
  const [first] = own
  return new GraphWidget({
    title: ALARMS[kind].title,
    width: WHOLE / 3,
    left: own.map(({ spec }) => spec.metric),
    ...(first && { leftAnnotations: [{ value: first.spec.threshold, label: 'alarm' }] }),
  })
}
