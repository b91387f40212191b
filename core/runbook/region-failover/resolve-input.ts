import type { Policy } from '../../policy'
import type { RegionFailoverInput } from './input'

/** What a run has to be told besides the policy. */
export interface FailoverRequest extends Pick<
  RegionFailoverInput,
  'incidentId' | 'reasonCode' | 'primary' | 'replica'
> {
  /** @default the policy's own: the rehearsal has a faster pace */
  readonly pace?: Policy['pace']
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
    backupRetentionDays: promotedBackupRetentionDays,
    pollEverySeconds: pace.pollEverySeconds,
    timeouts,
  }
}
