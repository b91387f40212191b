import type { Policy } from '../../policy'
import type { Component } from '../../ports/deployments'
import type { InstanceRef } from '../../ports/database'
import type { WantedRollback } from '../../release/wanted-rollback'
import type { BaseInput, Step } from '../model'

/** What a rollback has to know. All numbers come from the policy; which versions it is about, it reads for itself. */
export interface RollbackInput extends BaseInput {
  readonly incidentId: string
  readonly wanted: WantedRollback
  /** Digest of the plan that was shown: where the platform is not as it was planned on, nothing is changed. @default none was shown */
  readonly planHash?: string
  /** `approval` asks a second person before anything changes, unless the incident is critical. */
  readonly operation: 'automatic' | 'approval'
  /** What the platform is released as. */
  readonly components: readonly Component[]
  readonly putBackSeconds: Policy['releases']['putBackSeconds']
  /** Longest downtime that the procedure allows for this type. */
  readonly budgetSeconds: number
  readonly healthySeconds: number
  readonly monitorSeconds: number
  readonly reviewDays: number
  /** Database that the platform writes to, whose recovery point is marked and whose content is judged. */
  readonly successor: InstanceRef
  readonly pollEverySeconds: number
  readonly timeouts: { readonly validateSeconds: number }
}

export type RollbackStep = Step<RollbackInput>

/** How a step is driven where nothing about it is special. */
export const usual = {
  timeoutSeconds: () => 60,
  pollEverySeconds: ({ pollEverySeconds }: RollbackInput) => pollEverySeconds,
  attempts: 3,
  retryAfterSeconds: 1,
  onFailure: 'stop-safely',
} as const
