import type { Policy } from '../policy'
import type { InstanceRef } from '../ports/database'
import { PortError } from '../ports/errors'
import { resolveFailbackInput } from './failback/input'
import type { ExecutableRunbook } from './runbooks'
import type { MoveInput } from './steps/input'
import { resolveMoveInput, type MoveRequest } from './steps/resolve-input'
import { resolveZoneFailoverInput } from './zone-failover/input'

/** Instances that a run can be about, by their place in the declared topology. */
export interface DeclaredInstances {
  /** Serves in the primary region, or did before that was lost. */
  readonly primary: InstanceRef
  /** Stands in the recovery region: follows the primary one, or has served since a failover. */
  readonly replica: InstanceRef
  /** Rebuilt in the primary region as a replica of the one in the recovery region. @default none is declared */
  readonly rebuilt?: InstanceRef
  /** A name that nothing has yet, for a copy beside the primary one. @default made of the name of that one */
  readonly copy?: InstanceRef
}

/** What a person or an incident says of a run; the instances and every number come from the policy. */
export type StartRequest = Pick<MoveRequest, 'incidentId' | 'reasonCode' | 'operation'>

interface Start {
  /** Regions that have a machine for it: those in which its successor can stand. */
  readonly executedIn: readonly ('primary' | 'recovery')[]
  /** Throws PortError('conflict') where the topology declares no instance that could take over. */
  input(policy: Policy, instances: DeclaredInstances, request: StartRequest): MoveInput
}

/** How each runbook that a machine executes is started by its name alone. */
export const STARTS = {
  'zone-failover': {
    executedIn: ['primary', 'recovery'],
    input: (policy, { primary, replica, rebuilt }, request) =>
      resolveZoneFailoverInput(policy, {
        ...request,
        ...(policy.topology.active === 'primary'
          ? { instance: primary, observer: replica }
          : // Without a replica to ask, an old primary says that it has no receiver: a signal less, and people decide.
            { instance: replica, observer: rebuilt ?? primary }),
      }),
  },
  'region-failover': {
    executedIn: ['recovery'],
    input: (policy, { primary, replica }, request) =>
      resolveMoveInput(policy, { ...request, writer: primary, successor: replica }),
  },
  failback: {
    executedIn: ['primary'],
    input: (policy, { replica, rebuilt }, request) => {
      if (!rebuilt)
        throw new PortError(
          'conflict',
          'NOT_REBUILT',
          'the topology declares no replica in the primary region; add a generation there that follows the writer, and deploy it',
        )
      return resolveFailbackInput(policy, { ...request, writer: replica, successor: rebuilt })
    },
  },
} satisfies Readonly<Partial<Record<ExecutableRunbook, Start>>>

export type StartedRunbook = keyof typeof STARTS

export const isStarted = (runbook: string): runbook is StartedRunbook => Object.hasOwn(STARTS, runbook)
