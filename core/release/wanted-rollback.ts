import type { Policy } from '../policy'

export type RollbackType = keyof Policy['rollbacks']

/** What of the platform is to be put back, as a person says it. */
export interface WantedRollback {
  readonly type: RollbackType
  /** Names of components, in a partial rollback alone. @default what has changed since the release to go back to */
  readonly only?: readonly string[]
  /** Release to go back to, by its sequence. @default the last healthy one that no rollback has left */
  readonly to?: number
  /** Whether it cannot wait for a second person; reviewed afterwards. @default it can */
  readonly critical?: boolean
}
