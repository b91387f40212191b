import type { Finding } from '../../compliance/find'
import type { BaseInput, Step, StepContext } from '../model'

/** What a remediation has to know. All numbers come from the policy. */
export interface RemediationInput extends BaseInput {
  readonly incidentId: string
  /** `approval` asks a second person before anything changes, whatever the findings; `automatic` only where a remedy asks. */
  readonly operation: 'automatic' | 'approval'
  /** Empty: nobody has named any, and the audit looks for them itself. */
  readonly findings: readonly Finding[]
  /** Version of the written procedure that a revision adds to. */
  readonly procedureVersion: string
  readonly trainingDays: number
  readonly pollEverySeconds: number
  readonly timeouts: { readonly lookSeconds: number; readonly remedySeconds: number }
}

export type RemediationStep = Step<RemediationInput>

/** Most findings of one run: with what is declared of each, so many fit into the state of a run. */
export const MAX_FINDINGS = 12

/** What the run is about: what was named, or what its first step has found. */
export function findingsOf({
  input,
  outputs,
}: Pick<StepContext<RemediationInput>, 'input' | 'outputs'>): readonly Finding[] {
  if (input.findings.length > 0) return input.findings
  return (outputs['identify'] as unknown as { readonly found?: readonly Finding[] } | undefined)?.found ?? []
}

/** How a step is driven where nothing about it is special. */
export const usual = {
  timeoutSeconds: ({ timeouts }: RemediationInput) => timeouts.lookSeconds,
  pollEverySeconds: ({ pollEverySeconds }: RemediationInput) => pollEverySeconds,
  attempts: 3,
  retryAfterSeconds: 1,
  onFailure: 'stop-safely',
} as const
