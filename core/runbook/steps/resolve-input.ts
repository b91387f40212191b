import type { Policy } from '../../policy'
import { ordinary, type MoveInput } from './input'

/** What a run has to be told besides the policy. */
export interface MoveRequest extends Pick<MoveInput, 'incidentId' | 'reasonCode' | 'writer' | 'successor'> {
  /** @default the policy's own: the rehearsal has a faster pace */
  readonly pace?: Policy['pace']
  /** @default the policy's own: the rehearsal brings up a stand-in */
  readonly applicationTier?: Policy['applicationTier']
  /** @default the policy's own */
  readonly operation?: MoveInput['operation']
}

/** The input of a runbook that moves the right to write, every number of it from the policy. */
export function resolveMoveInput(policy: Policy, request: MoveRequest): MoveInput {
  const { incidentId, reasonCode, writer, successor, pace = policy.pace, operation } = request
  const { approvalExpiresSeconds, timeouts, promotedBackupRetentionDays, ledgerSkewSeconds } = policy.failover
  return {
    environment: policy.environment,
    region: successor.region,
    incidentId,
    reasonCode,
    writer,
    successor,
    operation: operation ?? policy.failover.operation,
    approvals: { expireSeconds: approvalExpiresSeconds, pollSeconds: pace.pollEverySeconds },
    lease: { durationSeconds: pace.lease.durationSeconds, marginSeconds: pace.lease.marginSeconds },
    application: applicationOf(request.applicationTier ?? policy.applicationTier),
    backupRetentionDays: promotedBackupRetentionDays,
    ledgerSkewSeconds,
    pollEverySeconds: pace.pollEverySeconds,
    timeouts,
  }
}

function applicationOf(tier: Policy['applicationTier']): MoveInput['application'] {
  if (tier.mode === 'none') return { hooks: [], healthySeconds: ordinary.timeoutSeconds() }
  return { hooks: tier.hooks, healthySeconds: tier.healthySeconds }
}
