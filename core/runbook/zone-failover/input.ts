import type { Policy } from '../../policy'
import type { InstanceRef } from '../../ports/database'
import type { Step } from '../model'
import type { MoveInput } from '../steps/input'
import { resolveMoveInput, type MoveRequest } from '../steps/resolve-input'

/** The instance keeps its name: it is its own successor. */
export interface ZoneFailoverInput extends MoveInput {
  /** Replica in another region, whose receiver tells whether the instance still writes. */
  readonly observer: InstanceRef
}

export type ZoneFailoverStep = Step<ZoneFailoverInput>

export interface ZoneFailoverRequest extends Omit<MoveRequest, 'writer' | 'successor'> {
  readonly instance: InstanceRef
  readonly observer: InstanceRef
}

/** The input of a zone failover, every number of it from the policy. */
export const resolveZoneFailoverInput = (
  policy: Policy,
  { instance, observer, ...request }: ZoneFailoverRequest,
): ZoneFailoverInput => ({
  ...resolveMoveInput(policy, { ...request, writer: instance, successor: instance }),
  observer,
})
