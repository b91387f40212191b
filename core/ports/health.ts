import type { InstanceRef } from './database'

/** One observation of a database by one independent observer. `unknown` is never counted as `down`. */
export interface HealthSignal {
  /** Observers with different kinds are independent of each other. */
  readonly kind: 'health-checkers' | 'replication-receiver'
  readonly verdict: 'up' | 'down' | 'unknown'
  readonly observedAt: string
  /** Since when the verdict holds, where the observer knows it. */
  readonly since?: string
}

/** The only way a runbook learns of a fault. */
export interface Health {
  signals(primary: InstanceRef, replica: InstanceRef): Promise<readonly HealthSignal[]>
}
