import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { LoggedStateMachine, type LoggedStateMachineProps } from './logged-state-machine'

export interface RunbookStateMachineProps extends Omit<LoggedStateMachineProps, 'statements'> {
  /** Functions its tasks call. */
  readonly functionArns: readonly string[]
}

/** A compiled runbook as a state machine: one visible state per step, no logic that the reducer does not hold. */
export class RunbookStateMachine extends LoggedStateMachine {
  constructor(scope: Construct, id: string, { functionArns, ...props }: RunbookStateMachineProps) {
    super(scope, id, {
      ...props,
      statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [...functionArns] })],
    })
  }
}
