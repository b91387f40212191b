import type { Policy } from '../../policy'
import type { RestoreTarget } from '../../ports/restore'
import type { Step } from '../model'
import { requireRestorable, restorePace, type RestoreInput } from '../steps/restore-beside'

export interface RestoreTestInput extends RestoreInput {
  /** What is restored: the newest state that the history reaches, or an older one. */
  readonly target: RestoreTarget | { readonly kind: 'latest' }
  /** How long the restore may take, and how much older than its moment the newest heartbeat in the copy. */
  readonly expected: { readonly restoreSeconds: number; readonly oldestHeartbeatSeconds: number }
  readonly examinationSeconds: number
}

export type RestoreTestStep = Step<RestoreTestInput>

export interface RestoreTestRequest extends Pick<RestoreTestInput, 'reasonCode' | 'target' | 'writer' | 'successor'> {
  /** @default the policy's own: the rehearsal has a faster pace */
  readonly pace?: Policy['pace']
}

/** The input of a restore test, every number of it from the policy. Throws PortError('conflict') for a database that cannot be restored by us. */
export function resolveRestoreTestInput(
  policy: Policy,
  { pace = policy.pace, ...request }: RestoreTestRequest,
): RestoreTestInput {
  requireRestorable(policy, request.writer)
  const { objectives, failover, restoreTesting } = policy
  return {
    ...request,
    environment: policy.environment,
    region: request.writer.region,
    approvals: { expireSeconds: failover.approvalExpiresSeconds, pollSeconds: pace.pollEverySeconds },
    ...restorePace(policy, pace),
    expected: {
      restoreSeconds: objectives.rto.dataRecoveryMinutes * 60,
      oldestHeartbeatSeconds:
        restoreTesting.mode === 'scheduled' ? restoreTesting.oldestHeartbeatMinutes * 60 : pace.lease.durationSeconds,
    },
    examinationSeconds: failover.timeouts.validateSeconds,
  }
}
