import type { ApplicationHook } from '../../ports/application-tier'
import type { InstanceRef } from '../../ports/database'
import type { BaseInput, Step } from '../model'

/** What every runbook that moves the right to write has to know. All numbers come from the policy; no runbook has any of its own. */
export interface MoveInput extends BaseInput {
  readonly incidentId: string
  /** Instance that writes until now, or did before it was lost. */
  readonly writer: InstanceRef
  /** Instance that takes over. */
  readonly successor: InstanceRef
  /** `automatic` accepts proven fencing or an expired lease only; `approval` asks a second person before anything changes. */
  readonly operation: 'automatic' | 'approval'
  readonly lease: { readonly durationSeconds: number; readonly marginSeconds: number }
  /** What has to be brought up besides the database, and how long it may take to be well. */
  readonly application: { readonly hooks: readonly ApplicationHook[]; readonly healthySeconds: number }
  readonly backupRetentionDays: number
  /** By how much the replay of the erasure ledger reaches back beyond the recovery point. */
  readonly ledgerSkewSeconds: number
  readonly pollEverySeconds: number
  /** Plan that the run was started from. @default none */
  readonly planHash?: string
  /** Longest time each slow step may take before it counts as failed. */
  readonly timeouts: {
    readonly fenceSeconds: number
    readonly promoteSeconds: number
    readonly switchSeconds: number
    readonly validateSeconds: number
  }
}

export type MoveStep = Step<MoveInput>

/** How a step is driven where nothing about it is special. */
export const ordinary = {
  timeoutSeconds: () => 60,
  pollEverySeconds: (input: MoveInput) => input.pollEverySeconds,
  attempts: 3,
  retryAfterSeconds: 1,
  onFailure: 'stop-safely',
} as const
