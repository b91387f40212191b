import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Json } from '../../core/json'
import { FunctionFleet, type FunctionFleetProps } from '../constructs/function-fleet'
import { FunctionSchedule } from '../constructs/function-schedule'
import { RunbookStateMachine } from '../constructs/runbook-state-machine'
import { runbookFunctionArns } from '../runbook-machines'

export interface RunbooksStackProps extends StackProps, FunctionFleetProps {
  /** Runbooks this region can execute, by name. @default none */
  readonly runbooks?: Readonly<Record<string, Json>>
  readonly prepareEveryMinutes: number
  readonly watchChangesEveryMinutes: number
}

/** What acts: the functions of one region, and the runbooks that call them. */
export class RunbooksStack extends Stack {
  constructor(scope: Construct, id: string, props: RunbooksStackProps) {
    super(scope, id, props)
    const { key, logRetention } = props
    const { names, role } = props.around
    const fleet = new FunctionFleet(this, 'Functions', props)
    const scheduled = [
      // A late renewal of a lease is worse than none.
      { name: 'guard', construct: 'GuardSchedule', everyMinutes: 1 },
      { name: 'change-watch', construct: 'ChangeWatchSchedule', everyMinutes: props.watchChangesEveryMinutes },
      { name: 'readiness', construct: 'ReadinessSchedule', everyMinutes: props.prepareEveryMinutes },
    ]
    for (const { name, construct, everyMinutes } of scheduled) {
      const target = fleet.find(name)
      if (target)
        new FunctionSchedule(this, construct, {
          scheduleName: names.function(name),
          roleName: names.role(`${name}-schedule`, role),
          target,
          key,
          everyMinutes,
        })
    }
    if (role === 'witness') return
    const functionArns = Object.values(runbookFunctionArns(names, role))
    for (const [name, definition] of Object.entries(props.runbooks ?? {}))
      new RunbookStateMachine(this, name, {
        stateMachineName: names.function(name),
        roleName: names.role(name, role),
        definition,
        functionArns,
        key,
        logRetention,
      })
  }
}
