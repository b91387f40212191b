import { json, type Call, type Service } from './wire'

/** Executions by machine and name. A name is taken for good, as it is for 90 days in AWS, unless the input is the same. */
export class FakeStepFunctions implements Service {
  readonly machines = new Map<string, Map<string, string>>()

  action = ({ headers }: Omit<Call, 'action'>) => `states:${headers['x-amz-target']?.split('.')[1] ?? ''}`

  error = (code: string, status = 400) => json({ __type: code, message: code }, status)

  answer({ body }: Call) {
    const { stateMachineArn, name, input } = JSON.parse(body) as Record<string, string>
    const executions = this.machines.get(stateMachineArn!)
    if (!executions) return this.error('StateMachineDoesNotExist')
    const held = executions.get(name!)
    if (held !== undefined && held !== input) return this.error('ExecutionAlreadyExists')
    executions.set(name!, input!)
    return json({ executionArn: `${stateMachineArn}:${name}`, startDate: 0 })
  }
}
