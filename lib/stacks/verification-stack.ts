import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { FunctionFleet, type FunctionFleetProps } from '../constructs/function-fleet'
import { FunctionSchedule } from '../constructs/function-schedule'

export interface VerificationStackProps extends StackProps, FunctionFleetProps {
  /** Time between two runs of the daily checks. */
  readonly everyMinutes: number
}

/** What looks at the backups of one region each day; it holds no data, and changes nothing but its evidence. */
export class VerificationStack extends Stack {
  constructor(scope: Construct, id: string, props: VerificationStackProps) {
    super(scope, id, props)
    const { key, everyMinutes } = props
    const { names, role } = props.around
    const target = new FunctionFleet(this, 'Functions', props).find('daily-verification')
    if (!target) throw new Error(`nothing looks at the backups in '${names.region(role)}'`)
    new FunctionSchedule(this, 'DailySchedule', {
      scheduleName: names.function('daily-verification'),
      roleName: names.role('daily-verification-schedule', role),
      target,
      key,
      everyMinutes,
    })
  }
}
