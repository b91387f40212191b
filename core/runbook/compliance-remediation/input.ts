import type { Finding } from '../../compliance/find'
import type { BaseInput, Step } from '../model'

/** What a remediation has to know. All numbers come from the policy. */
export interface RemediationInput extends BaseInput {
  readonly incidentId: string
  /** `approval` asks a second person before anything changes, whatever the findings; `automatic` only where a remedy asks. */
  readonly operation: 'automatic' | 'approval'
  readonly findings: readonly Finding[]
  /** Version of the written procedure that a revision adds to. */
  readonly procedureVersion: string
  readonly trainingDays: number
  readonly pollEverySeconds: number
  readonly timeouts: { readonly lookSeconds: number; readonly remedySeconds: number }
}

export type RemediationStep = Step<RemediationInput>

/** How a step is driven where nothing about it is special. */
export const usual = {
  timeoutSeconds: ({ timeouts }: RemediationInput) => timeouts.lookSeconds,
  pollEverySeconds: ({ pollEverySeconds }: RemediationInput) => pollEverySeconds,
  attempts: 3,
  retryAfterSeconds: 1,
  onFailure: 'stop-safely',
} as const
