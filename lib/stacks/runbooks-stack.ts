import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Json } from '../../core/json'
import { FunctionFleet, type FunctionFleetProps } from '../constructs/function-fleet'
import { FunctionSchedule } from '../constructs/function-schedule'
import { RunbookStateMachine } from '../constructs/runbook-state-machine'
import { runbookFunctionArns } from '../region-failover-machine'

export interface RunbooksStackProps extends StackProps, FunctionFleetProps {
  /** Runbooks this region can execute, by name. @default none */
  readonly runbooks?: Readonly<Record<string, Json>>
}

/** What acts: the functions of one region, and in the recovery region the runbooks that call them. */
export class RunbooksStack extends Stack {
  constructor(scope: Construct, id: string, props: RunbooksStackProps) {
    super(scope, id, props)
    const { key, logRetention } = props
    const { names, role } = props.around
    const fleet = new FunctionFleet(this, 'Functions', props)
    const guard = fleet.find('guard')
    if (guard)
      new FunctionSchedule(this, 'GuardSchedule', {
        scheduleName: names.function('guard'),
        roleName: names.role('guard-schedule', role),
        target: guard,
        key,
        // A late renewal of a lease is worse than none.
        everyMinutes: 1,
      })
    for (const [name, definition] of Object.entries(props.runbooks ?? {}))
      new RunbookStateMachine(this, name, {
        stateMachineName: names.function(name),
        roleName: names.role(name, role),
        definition,
        functionArns: Object.values(runbookFunctionArns(names)),
        key,
        logRetention,
      })
  }
}
