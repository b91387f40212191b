import type { Finding } from '../../compliance/find'
import type { Policy } from '../../policy'
import { PortError } from '../../ports/errors'
import { MAX_FINDINGS, type RemediationInput } from './input'

/** What a run has to be told besides the policy. */
export interface RemediationRequest {
  readonly incidentId: string
  readonly reasonCode: string
  readonly region: string
  /** @default nobody has named any: the run looks for what it can remedy */
  readonly findings?: readonly Finding[]
  /** @default the policy's own */
  readonly operation?: RemediationInput['operation']
  /** @default the policy's own: the rehearsal has a faster pace */
  readonly pollEverySeconds?: number
}

/** Looks that a remediation makes: to identify, and to validate. Each has as long as one. */
const LOOKS = 2
const LOOK_SHARE = 0.1

/**
 * The input of a remediation, every number of it from the policy: all of it has to end within the objective for the
 * validation of compliance. Throws PortError('invalid') for an empty list, or for more than one run can carry.
 */
export function resolveRemediation(policy: Policy, request: RemediationRequest): RemediationInput {
  const { findings, operation, incidentId, reasonCode, region, pollEverySeconds } = request
  if (findings && (findings.length === 0 || findings.length > MAX_FINDINGS))
    throw new PortError(
      'invalid',
      'FINDINGS_COUNT',
      `a run remedies 1 to ${MAX_FINDINGS} findings, got ${findings.length}; start further runs for the others`,
    )
  const within = policy.objectives.rto.complianceValidationMinutes * 60
  return {
    environment: policy.environment,
    region,
    reasonCode,
    incidentId,
    operation: operation ?? policy.failover.operation,
    approvals: {
      expireSeconds: policy.failover.approvalExpiresSeconds,
      pollSeconds: pollEverySeconds ?? policy.pace.pollEverySeconds,
    },
    findings: findings ?? [],
    procedureVersion: policy.documentControl.version,
    trainingDays: policy.calendar.onceDays.training,
    pollEverySeconds: pollEverySeconds ?? policy.pace.pollEverySeconds,
    timeouts: {
      lookSeconds: within * LOOK_SHARE,
      remedySeconds: within * (1 - LOOKS * LOOK_SHARE),
    },
  }
}
