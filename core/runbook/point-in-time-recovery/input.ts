import { z } from 'zod'
import type { Policy } from '../../policy'
import { PortError } from '../../ports/errors'
import type { RestoreTarget } from '../../ports/restore'
import type { Step } from '../model'
import type { MoveInput } from '../steps/input'
import { resolveMoveInput, type MoveRequest } from '../steps/resolve-input'
import { restorePace, type RestoreInput } from '../steps/restore-beside'

export interface PointInTimeInput extends MoveInput, RestoreInput {
  readonly target: RestoreTarget
}

export type PointInTimeStep = Step<PointInTimeInput>

export interface PointInTimeRequest extends MoveRequest {
  readonly target: RestoreTarget
}

/** A time without its offset has been restored to the wrong moment before (EnterpriseDB/barman, pull request 945). */
const targetSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('time'), at: z.iso.datetime({ offset: true }) }),
  z.strictObject({ kind: z.literal('transaction'), id: z.string().regex(/^\d{1,20}$/) }),
  z.strictObject({ kind: z.literal('marker'), name: z.string().regex(/^[\w.-]{1,64}$/) }),
])

/**
 * The input of a recovery to a point in time, every number of it from the policy. A second person approves unless the
 * request says otherwise: whoever names the moment may be wrong. Throws PortError('invalid') for a target out of form.
 */
export function resolvePointInTimeInput(policy: Policy, { target, ...request }: PointInTimeRequest): PointInTimeInput {
  if (!targetSchema.safeParse(target).success)
    throw new PortError(
      'invalid',
      'TARGET_FORM',
      `the target is not in form: ${JSON.stringify(target)}; give a time with its offset, the number of a transaction, or the name of a marker`,
    )
  return {
    ...resolveMoveInput(policy, { ...request, operation: request.operation ?? 'approval' }),
    ...restorePace(policy, request.pace),
    target,
  }
}
