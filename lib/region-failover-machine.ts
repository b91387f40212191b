import type { Json } from '../core/json'
import { servingGeneration, type Policy } from '../core/policy'
import { compile } from '../core/runbook/compile'
import type { DeployedPrivilege } from '../core/runbook/model'
import { regionFailover } from '../core/runbook/region-failover'
import type { MoveInput } from '../core/runbook/steps/input'
import { resolveMoveInput } from '../core/runbook/steps/resolve-input'
import type { Names } from './names'

/** The region failover in Amazon States Language, one function per privilege. Throws where it could outgrow its history. */
export const regionFailoverMachine = (policy: Policy, names: Names): Json =>
  compile(regionFailover, { functionArns: runbookFunctionArns(names), input: longestInput(policy, names) })

/** Functions of the recovery region that hold the privileges of a runbook. */
export function runbookFunctionArns(names: Names): Readonly<Record<DeployedPrivilege, string>> {
  const arn = (privilege: DeployedPrivilege) => names.functionArn('recovery', `runbook-${privilege}`)
  return {
    observe: arn('observe'),
    fence: arn('fence'),
    promote: arn('promote'),
    database: arn('database'),
    'switch-traffic': arn('switch-traffic'),
    application: arn('application'),
    report: arn('report'),
  }
}

/** An input with the policy's own timeouts and pace: what bounds the history of an execution. */
function longestInput(policy: Policy, names: Names): MoveInput {
  const replica = servingGeneration(policy.topology, 'recovery')
  const primary = servingGeneration(policy.topology, 'primary')
  if (replica === undefined || primary === undefined)
    throw new Error('a region failover needs an instance in the primary and in the recovery region')
  const ref = (role: 'primary' | 'recovery', generation: number) => ({
    region: names.region(role),
    instance: names.database(generation),
  })
  return resolveMoveInput(policy, {
    incidentId: 'synth',
    reasonCode: 'synth',
    writer: ref('primary', primary),
    successor: ref('recovery', replica),
  })
}
