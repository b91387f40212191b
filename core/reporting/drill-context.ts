import type { PhaseSpan, Projection } from '../measurement'
import type { AnsweredIncident } from './incident'

/** Attempts by id: the count of all, and the first of them. */
export interface AttemptList {
  readonly count: number
  readonly ids: readonly { readonly client: number; readonly sequence: number }[]
}

/** One way in which a write was tried on the old primary after the failover. */
export interface OldPrimaryAttempt {
  /** Such as `resumed session` or `direct endpoint`. */
  readonly way: string
  readonly role: string
  readonly refused: boolean
  /** SQLSTATE or error code of the refusal. */
  readonly code: string
}

/** What a report tells beyond the result itself. */
export interface DrillContext {
  readonly environment: string
  readonly policyHash: string
  readonly startedAt: string
  readonly fault: string
  readonly replication: 'sync' | 'async'
  readonly from: string
  readonly to: string
  readonly clients: number
  /** What the alarm led to before anything was done. */
  readonly incident: AnsweredIncident
  readonly phases: readonly PhaseSpan[]
  readonly lost: AttemptList
  readonly ghost: AttemptList
  readonly unknown: AttemptList
  readonly projection: Projection & { readonly targetSeconds: number }
  /** Empty where the old primary did not come back to be tried. */
  readonly oldPrimary: readonly OldPrimaryAttempt[]
  /** Further assumptions, one sentence each. */
  readonly notes: readonly string[]
}
