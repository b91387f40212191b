import type { ApplicationHook } from '../../ports/application-tier'
import type { InstanceRef } from '../../ports/database'
import type { BaseInput, Step } from '../model'

/** Everything a region failover has to know. All numbers come from the policy; the runbook has none of its own. */
export interface RegionFailoverInput extends BaseInput {
  readonly incidentId: string
  readonly primary: InstanceRef
  readonly replica: InstanceRef
  /** `automatic` accepts proven fencing or an expired lease only; `approval` asks a second person before anything changes. */
  readonly operation: 'automatic' | 'approval'
  readonly lease: { readonly durationSeconds: number; readonly marginSeconds: number }
  /** What has to be brought up besides the database, and how long it may take to be well. */
  readonly application: { readonly hooks: readonly ApplicationHook[]; readonly healthySeconds: number }
  readonly backupRetentionDays: number
  readonly pollEverySeconds: number
  /** Longest time each slow step may take before it counts as failed. */
  readonly timeouts: {
    readonly fenceSeconds: number
    readonly promoteSeconds: number
    readonly switchSeconds: number
    readonly validateSeconds: number
  }
}

export type FailoverStep = Step<RegionFailoverInput>

/** How a step is driven where nothing about it is special. */
export const ordinary = {
  timeoutSeconds: () => 60,
  pollEverySeconds: (input: RegionFailoverInput) => input.pollEverySeconds,
  attempts: 3,
  retryAfterSeconds: 1,
  onFailure: 'stop-safely',
} as const
