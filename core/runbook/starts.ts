import type { Finding } from '../compliance/find'
import type { Policy } from '../policy'
import { nextDatabaseName, testCopyName } from '../policy/names'
import type { InstanceRef } from '../ports/database'
import { PortError } from '../ports/errors'
import type { RestoreTarget } from '../ports/restore'
import type { WantedRollback } from '../release/wanted-rollback'
import { resolveRemediation } from './compliance-remediation/resolve'
import { resolveFailbackInput } from './failback/input'
import { resolveIsolateAndRecoverInput } from './isolate-and-recover/input'
import type { BaseInput } from './model'
import { resolvePointInTimeInput } from './point-in-time-recovery/input'
import { resolveRestoreTestInput } from './restore-test/input'
import { resolveRollback } from './rollback/resolve'
import type { ExecutableRunbook } from './runbooks'
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
  /** A name that nothing has yet, for a copy beside the primary one. @default that of the next generation */
  readonly copy?: InstanceRef
}

/** What a person or an incident says of a run; the instances and every number come from the policy. */
export interface StartRequest extends Pick<MoveRequest, 'incidentId' | 'reasonCode' | 'operation'> {
  /** What a restore returns to. @default nothing is named: a test takes the newest state, and a recovery cannot begin */
  readonly target?: RestoreTarget
  /** When it was known, from which terms of the law run. @default the beginning of time: nobody is told of a plan */
  readonly knownAt?: string
  /** Region whose account is put right. @default the one that serves */
  readonly region?: string
  /** Violations that were found there. @default none is named: the run looks for them */
  readonly findings?: readonly Finding[]
  /** What a rollback puts back. @default the whole platform, to its last healthy release */
  readonly rollback?: WantedRollback
}

/** What every run is given that is started by its name. */
export interface StartedInput extends BaseInput {
  readonly incidentId: string
  readonly planHash?: string
  readonly target?: RestoreTarget | { readonly kind: 'latest' }
  readonly wanted?: WantedRollback
}

interface Start {
  /** Regions that have a machine for it: those in which its successor can stand. */
  readonly executedIn: readonly ('primary' | 'recovery')[]
  /** Throws PortError('conflict') where the topology declares no instance that could take over, or too little was said. */
  input(policy: Policy, instances: DeclaredInstances, request: StartRequest): StartedInput
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
  'point-in-time-recovery': {
    executedIn: ['primary', 'recovery'],
    input: (policy, instances, { target, ...request }) => {
      if (!target)
        throw new PortError(
          'conflict',
          'TARGET_MISSING',
          'nothing is named to return to; give a time with its offset, the number of a transaction, or the name of a marker',
        )
      const writer = writerOf(policy, instances)
      const successor = copyBeside(policy, instances, writer)
      return resolvePointInTimeInput(policy, { ...request, target, writer, successor })
    },
  },
  'restore-test': {
    executedIn: ['primary', 'recovery'],
    input: (policy, instances, { incidentId, reasonCode, target = { kind: 'latest' } }) => {
      const writer = writerOf(policy, instances)
      const successor = { region: writer.region, instance: testCopyName(policy, incidentId) }
      return { ...resolveRestoreTestInput(policy, { reasonCode, target, writer, successor }), incidentId }
    },
  },
  'isolate-and-recover': {
    executedIn: ['primary', 'recovery'],
    input: (policy, instances, { target, knownAt = new Date(0).toISOString(), incidentId, reasonCode, operation }) => {
      const writer = writerOf(policy, instances)
      return resolveIsolateAndRecoverInput(policy, {
        incidentId,
        reasonCode,
        ...(operation && { operation }),
        writer,
        // Where to go back to is often found once access is cut; the run says so and stops there.
        ...(target && { suspect: target }),
        successor: copyBeside(policy, instances, writer),
        copies: othersThan(writer, instances),
        // Two findings of different kinds cut access without asking; by name alone, people decide.
        findings: [],
        knownAt,
      })
    },
  },
  'compliance-remediation': {
    executedIn: ['primary', 'recovery'],
    input: (policy, instances, { incidentId, reasonCode, operation, findings, region }) =>
      resolveRemediation(policy, {
        incidentId,
        reasonCode,
        region: region ?? writerOf(policy, instances).region,
        ...(operation && { operation }),
        ...(findings && { findings }),
      }),
  },
  rollback: {
    executedIn: ['primary', 'recovery'],
    input: (policy, instances, { incidentId, reasonCode, operation, rollback: wanted = WHOLE_PLATFORM }) =>
      resolveRollback(policy, {
        incidentId,
        reasonCode,
        wanted,
        writer: writerOf(policy, instances),
        ...(operation && { operation }),
      }),
  },
} satisfies Readonly<Partial<Record<ExecutableRunbook, Start>>>

const WHOLE_PLATFORM: WantedRollback = { type: 'full' }

/** The database whose history is used: the one that serves. */
const writerOf = (policy: Policy, { primary, replica }: DeclaredInstances): InstanceRef =>
  policy.topology.active === 'primary' ? primary : replica

/** A copy that is to take over from it. */
const copyBeside = (policy: Policy, { copy }: DeclaredInstances, { region }: InstanceRef): InstanceRef =>
  copy ?? { region, instance: nextDatabaseName(policy) }

/** Whatever is declared besides the writer holds the same data and secrets. */
const othersThan = (writer: InstanceRef, { primary, replica, rebuilt }: DeclaredInstances): readonly InstanceRef[] =>
  [primary, replica, ...(rebuilt ? [rebuilt] : [])].filter((instance) => instance !== writer)

export type StartedRunbook = keyof typeof STARTS

export const isStarted = (runbook: string): runbook is StartedRunbook => Object.hasOwn(STARTS, runbook)
