import type { Policy } from '../../policy'
import { ordinary, type RegionFailoverInput } from './input'

/** What a run has to be told besides the policy. */
export interface FailoverRequest extends Pick<
  RegionFailoverInput,
  'incidentId' | 'reasonCode' | 'primary' | 'replica'
> {
  /** @default the policy's own: the rehearsal has a faster pace */
  readonly pace?: Policy['pace']
  /** @default the policy's own: the rehearsal brings up a stand-in */
  readonly applicationTier?: Policy['applicationTier']
  /** @default the policy's own */
  readonly operation?: RegionFailoverInput['operation']
}

/** The input of a region failover, every number of it from the policy. */
export function resolveFailoverInput(policy: Policy, request: FailoverRequest): RegionFailoverInput {
  const { incidentId, reasonCode, primary, replica, pace = policy.pace, operation } = request
  const { approvalExpiresSeconds, timeouts, promotedBackupRetentionDays } = policy.failover
  return {
    environment: policy.environment,
    region: replica.region,
    incidentId,
    reasonCode,
    primary,
    replica,
    operation: operation ?? policy.failover.operation,
    approvals: { expireSeconds: approvalExpiresSeconds, pollSeconds: pace.pollEverySeconds },
    lease: { durationSeconds: pace.lease.durationSeconds, marginSeconds: pace.lease.marginSeconds },
    application: applicationOf(request.applicationTier ?? policy.applicationTier),
    backupRetentionDays: promotedBackupRetentionDays,
    pollEverySeconds: pace.pollEverySeconds,
    timeouts,
  }
}

function applicationOf(tier: Policy['applicationTier']): RegionFailoverInput['application'] {
  if (tier.mode === 'none') return { hooks: [], healthySeconds: ordinary.timeoutSeconds() }
  return { hooks: tier.hooks, healthySeconds: tier.healthySeconds }
}
