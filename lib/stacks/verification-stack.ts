import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { FunctionFleet, type FunctionFleetProps } from '../constructs/function-fleet'
import { FunctionSchedule } from '../constructs/function-schedule'

export interface VerificationStackProps extends StackProps, FunctionFleetProps {
  /** Time between two runs of the daily checks. */
  readonly everyMinutes: number
}

/** What looks at the backups of one region each day, and at the controls; it holds no data, and changes nothing but its evidence. */
export class VerificationStack extends Stack {
  constructor(scope: Construct, id: string, props: VerificationStackProps) {
    super(scope, id, props)
    const { key, everyMinutes } = props
    const { names, role } = props.around
    const fleet = new FunctionFleet(this, 'Functions', props)
    for (const [schedule, name] of [
      ['DailySchedule', 'daily-verification'],
      ['ComplianceSchedule', 'compliance-validation'],
    ] as const) {
      const target = fleet.find(name)
      if (!target) throw new Error(`there is no function '${name}' in '${names.region(role)}'`)
      new FunctionSchedule(this, schedule, {
        scheduleName: names.function(name),
        roleName: names.role(`${name}-schedule`, role),
        target,
        key,
        everyMinutes,
      })
    }
  }
}
