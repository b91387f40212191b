import type { InstanceDescription, InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import type { Endpoint } from '../postgres/connect'

/** One database instance as the recovery region sees it. */
export interface ReachableInstance {
  readonly ref: InstanceRef
  /** From the recovery and from the witness region; the same twice where neither path is told apart. */
  readonly from: readonly [Endpoint, Endpoint]
  /** Instance it was made to follow. */
  readonly source?: string
  readonly zone?: string
  /** What its control plane has under way. @default nothing */
  readonly status?: InstanceDescription['status']
  /** Whether the control plane of its region answers. @default it answers where the database does */
  readonly controlPlaneAnswers?: () => boolean
}

export const find = <T extends { readonly ref: InstanceRef }>(
  instances: Iterable<T>,
  { region, instance }: InstanceRef,
): T | undefined => [...instances].find(({ ref }) => ref.region === region && ref.instance === instance)

/** The instance of that name; throws PortError('invalid') where there is none. */
export function reach<T extends { readonly ref: InstanceRef }>(instances: Iterable<T>, ref: InstanceRef): T {
  const found = find(instances, ref)
  if (found) return found
  throw new PortError('invalid', 'INSTANCE_MISSING', `'${ref.instance}' does not exist in ${ref.region}`)
}
