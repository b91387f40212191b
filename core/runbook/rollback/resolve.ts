import type { Policy } from '../../policy'
import type { InstanceRef } from '../../ports/database'
import { PortError } from '../../ports/errors'
import type { WantedRollback } from '../../release/wanted-rollback'
import type { RollbackInput } from './input'

/** What a rollback has to be told besides the policy. */
export interface RollbackRequest {
  readonly incidentId: string
  readonly reasonCode: string
  readonly wanted: WantedRollback
  /** Database that serves. */
  readonly writer: InstanceRef
  /** @default none was shown */
  readonly planHash?: string
  /** @default the policy's own */
  readonly operation?: RollbackInput['operation']
  /** How fast it goes and how long it watches. @default the policy's own: the rehearsal is faster */
  readonly pace?: Partial<Pick<RollbackInput, 'pollEverySeconds' | 'healthySeconds' | 'monitorSeconds'>>
}

/** The input of a rollback, every number of it from the policy. Throws PortError('invalid') for components it does not know. */
export function resolveRollback(policy: Policy, request: RollbackRequest): RollbackInput {
  const { incidentId, reasonCode, wanted, writer, planHash, operation, pace } = request
  const { components, putBackSeconds, healthySeconds, monitorSeconds, reviewDays } = policy.releases
  requireKnown(policy, wanted)
  const pollEverySeconds = pace?.pollEverySeconds ?? policy.pace.pollEverySeconds
  return {
    environment: policy.environment,
    region: writer.region,
    incidentId,
    reasonCode,
    wanted,
    ...(planHash && { planHash }),
    operation: operation ?? policy.failover.operation,
    approvals: { expireSeconds: policy.failover.approvalExpiresSeconds, pollSeconds: pollEverySeconds },
    components,
    putBackSeconds,
    budgetSeconds: policy.rollbacks[wanted.type].downtimeMinutes.atMost * 60,
    healthySeconds: pace?.healthySeconds ?? healthySeconds,
    monitorSeconds: pace?.monitorSeconds ?? monitorSeconds,
    reviewDays,
    successor: writer,
    pollEverySeconds,
    timeouts: { validateSeconds: policy.failover.timeouts.validateSeconds },
  }
}

function requireKnown({ releases: { components } }: Policy, { type, only }: WantedRollback): void {
  if (!only) return
  if (type !== 'partial')
    throw new PortError(
      'invalid',
      'COMPONENTS_NOT_PARTIAL',
      `components are named for a partial rollback alone, got them for '${type}'`,
    )
  const names = components.map(({ name }) => name)
  const unknown = only.filter((name) => !names.includes(name))
  if (unknown.length > 0 || only.length === 0)
    throw new PortError(
      'invalid',
      'COMPONENT_UNKNOWN',
      `no component is named '${unknown.join("', '")}'; there are: ${names.join(', ')}`,
    )
}
