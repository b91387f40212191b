import type { Policy } from '../../policy'
import type { InstanceRef } from '../../ports/database'
import type { RestoreTarget } from '../../ports/restore'
import type { Step } from '../model'
import { ordinary, type MoveInput } from '../steps/input'
import { resolveMoveInput, type MoveRequest } from '../steps/resolve-input'
import { isImported, restorePace, type RestoreInput } from '../steps/restore-beside'
import { requireTarget } from '../restore-target'

/** What a monitor saw, by its code; two of different codes are two independent findings. */
export const INTRUSION_FINDINGS = ['DELETION_RATE', 'APPEND_ONLY_CHANGED', 'CONTENT_DIFFERS', 'GUARDDUTY'] as const
export type IntrusionFinding = (typeof INTRUSION_FINDINGS)[number]

/** The compromised database is the writer; the clean copy, of a name that nothing has yet, is the successor. */
export interface IsolateAndRecoverInput extends MoveInput, RestoreInput {
  /** Copies that follow the writer and hold the same secrets: they are cut off too, so that nobody reads there. */
  readonly copies: readonly InstanceRef[]
  readonly findings: readonly IntrusionFinding[]
  /**
   * What is suspect first: everything committed before it is clean.
   * @default nobody knows yet: access is cut, and the run stops before it recovers
   */
  readonly suspect?: RestoreTarget
  /** Set where no copy can be made by us: access is cut, and the run stops before it recovers. */
  readonly restorable?: false
  /** When it was known, from which the term of the notice to the ANPD runs. */
  readonly knownAt: string
  readonly response: Pick<Policy['incidentResponse'], 'timeouts' | 'hardening' | 'breachNoticeBusinessDays'>
}

export type IsolateAndRecoverStep = Step<IsolateAndRecoverInput>

export interface IsolateAndRecoverRequest
  extends MoveRequest, Pick<IsolateAndRecoverInput, 'copies' | 'findings' | 'suspect' | 'knownAt'> {}

/**
 * The input of the answer to a security incident, every number of it from the policy. `operation` only says whether access is
 * cut without asking: a recovery always asks. Throws PortError('invalid') for a suspect out of form.
 */
export function resolveIsolateAndRecoverInput(
  policy: Policy,
  { copies, findings, suspect, knownAt, ...request }: IsolateAndRecoverRequest,
): IsolateAndRecoverInput {
  if (suspect !== undefined) requireTarget(suspect, 'suspect', 'SUSPECT_FORM')
  const { containment, pollEverySeconds, timeouts, hardening, breachNoticeBusinessDays } = policy.incidentResponse
  const move = resolveMoveInput(policy, { ...request, operation: request.operation ?? containment })
  const { restore } = restorePace(policy, request.pace)
  // More is asked and copied here than elsewhere, and the history of an execution is bounded.
  const slowly = request.pace?.pollEverySeconds ?? pollEverySeconds
  return {
    ...move,
    approvals: { ...move.approvals, pollSeconds: slowly },
    restore: { ...restore, pollEverySeconds: slowly },
    copies,
    findings,
    ...(suspect && { suspect }),
    ...(isImported(policy, request.writer) && { restorable: false as const }),
    knownAt,
    response: { timeouts, hardening, breachNoticeBusinessDays },
  }
}

/** How a step of this runbook is driven where nothing about it is special. */
export const usual = {
  ...ordinary,
  pollEverySeconds: (input: IsolateAndRecoverInput) => input.pollEverySeconds,
} as const
