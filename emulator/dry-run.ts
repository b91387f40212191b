import { setTimeout as sleep } from 'node:timers/promises'
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import { clientSettings } from '../adapters/aws/client-settings'
import type { Json } from '../core/json'
import type { TwoRegionPolicy } from '../core/policy'
import type { InstanceRef } from '../core/ports/database'
import type { RunState } from '../core/runbook/model'
import { newRun } from '../core/runbook/reducer'
import { regionFailover } from '../core/runbook/region-failover'
import { resolveMoveInput } from '../core/runbook/steps/resolve-input'
import type { Names } from '../lib/names'

/** One step of the state machine as it really ran. */
export interface DryRunStep {
  readonly step: string
  readonly title: string
  /** What it saw, or would have done. */
  readonly output: Json
}

const LONGEST_MS = 120_000

/** Names of the functions that the deployed state machine of the region failover calls. */
export async function calledFunctions(policy: TwoRegionPolicy, names: Names): Promise<string[]> {
  const client = new SFNClient(clientSettings(policy.topology.regions.recovery))
  const stateMachineArn = names.stateMachineArn('recovery', regionFailover.name)
  const { definition = '' } = await client.send(new DescribeStateMachineCommand({ stateMachineArn }))
  return [...new Set([...definition.matchAll(/:function:([\w-]+)/g)].map(([, name]) => name!))]
}

/**
 * Starts the deployed state machine of the region failover in dry-run and waits for its end: Step Functions of the
 * emulator drives the deployed functions, one after the other. Throws where a step did not end well.
 */
export async function dryRun(
  policy: TwoRegionPolicy,
  names: Names,
  instances: { readonly primary: InstanceRef; readonly replica: InstanceRef },
): Promise<DryRunStep[]> {
  const client = new SFNClient(clientSettings(policy.topology.regions.recovery))
  const input = resolveMoveInput(policy, {
    incidentId: 'emulator',
    reasonCode: 'DRILL',
    writer: instances.primary,
    successor: instances.replica,
  })
  const run = newRun(
    regionFailover,
    { runId: 'emulator-dry-run', mode: 'dry-run', startedBy: 'emulator', input },
    new Date(),
  )
  const { executionArn } = await client.send(
    new StartExecutionCommand({
      stateMachineArn: names.stateMachineArn('recovery', regionFailover.name),
      name: run.runId,
      input: JSON.stringify(run),
    }),
  )
  for (const endsAt = Date.now() + LONGEST_MS; Date.now() < endsAt; await sleep(200)) {
    const { status, output, cause, error } = await client.send(new DescribeExecutionCommand({ executionArn }))
    if (status === 'RUNNING') continue
    if (status !== 'SUCCEEDED' || output === undefined)
      throw new Error(`the dry run ended as ${status}: ${error ?? ''} ${cause ?? output ?? ''}`)
    return stepsOf(JSON.parse(output) as RunState)
  }
  throw new Error(`the dry run did not end within ${LONGEST_MS / 1000} s`)
}

function stepsOf({ steps, outcome }: RunState): DryRunStep[] {
  return regionFailover.steps.map(({ id, title }) => {
    const { status, output = null, failure } = steps[id] ?? { status: 'missing' as const }
    if (outcome !== 'succeeded' || status !== 'done')
      throw new Error(`the dry run ${outcome}; '${id}' is ${status} ${failure?.code ?? ''}`)
    return { step: id, title, output }
  })
}
