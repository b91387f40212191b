import type { Policy } from '../../policy'
import type { RestoreTarget } from '../../ports/restore'
import type { Step } from '../model'
import type { MoveInput } from '../steps/input'
import { resolveMoveInput, type MoveRequest } from '../steps/resolve-input'
import { requireRestorable, restorePace, type RestoreInput } from '../steps/restore-beside'
import { requireTarget } from '../restore-target'

export interface PointInTimeInput extends MoveInput, RestoreInput {
  readonly target: RestoreTarget
}

export type PointInTimeStep = Step<PointInTimeInput>

export interface PointInTimeRequest extends MoveRequest {
  readonly target: RestoreTarget
}

/**
 * The input of a recovery to a point in time, every number of it from the policy. A second person approves unless the
 * request says otherwise: whoever names the moment may be wrong. Throws PortError('invalid') for a target out of form,
 * PortError('conflict') for a database that cannot be restored by us.
 */
export function resolvePointInTimeInput(policy: Policy, { target, ...request }: PointInTimeRequest): PointInTimeInput {
  requireTarget(target, 'target', 'TARGET_FORM')
  requireRestorable(policy, request.writer)
  return {
    ...resolveMoveInput(policy, { ...request, operation: request.operation ?? 'approval' }),
    ...restorePace(policy, request.pace),
    target,
  }
}
