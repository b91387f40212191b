import { Stack, type StackProps } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import { FunctionFleet, type FunctionFleetProps } from '../constructs/function-fleet'
import { FunctionSchedule } from '../constructs/function-schedule'
import { LoggedStateMachine } from '../constructs/logged-state-machine'
import { MachineSchedule } from '../constructs/machine-schedule'
import { comparisonMachine } from '../replica-comparison-machine'

export interface VerificationStackProps extends StackProps, FunctionFleetProps {
  /** Time between two runs of the daily checks. */
  readonly everyMinutes: number
  /** How the replica of the region is compared with its source. */
  readonly replica: { readonly everyMinutes: number; readonly atOnce: number; readonly timeoutMinutes: number }
}

/**
 * What looks at the backups of one region each day, at the controls, and at its replica where that follows what serves; it
 * holds no data, and changes nothing but its evidence.
 */
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
    const comparing = fleet.find(COMPARISON)
    if (comparing) this.compareReplica(comparing, props)
  }

  private compareReplica(comparing: IFunction, { around, key, logRetention, replica }: VerificationStackProps): void {
    const { names, role } = around
    const name = names.function(COMPARISON)
    const { stateMachineArn } = new LoggedStateMachine(this, 'ReplicaComparison', {
      stateMachineName: name,
      roleName: names.role(`${COMPARISON}-machine`, role),
      definition: comparisonMachine({ ...replica, functionArn: comparing.functionArn }),
      statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [comparing.functionArn] })],
      key,
      logRetention,
    })
    new MachineSchedule(this, 'ReplicaComparisonSchedule', {
      scheduleName: name,
      roleName: names.role(`${COMPARISON}-schedule`, role),
      stateMachineArn,
      key,
      everyMinutes: replica.everyMinutes,
    })
  }
}

const COMPARISON = 'replica-comparison'
