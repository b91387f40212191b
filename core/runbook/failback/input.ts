import type { Policy } from '../../policy'
import type { Step } from '../model'
import type { MoveInput } from '../steps/input'
import { resolveMoveInput, type MoveRequest } from '../steps/resolve-input'

/** The writer of the recovery region hands over to a replica that was rebuilt in the primary region as a new generation. */
export interface FailbackInput extends MoveInput {
  readonly catchUp: Policy['failback']
}

export type FailbackStep = Step<FailbackInput>

/** The input of a failback, every number of it from the policy. */
export const resolveFailbackInput = (policy: Policy, request: MoveRequest): FailbackInput => ({
  ...resolveMoveInput(policy, request),
  catchUp: policy.failback,
})
