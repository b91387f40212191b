import type { InstanceRef } from './database'

/** Moments between which an instance can be restored, in ISO 8601, UTC. */
export interface RestoreWindow {
  readonly earliest: string
  readonly latest: string
}

/** What a person names as the last good state. */
export type RestoreTarget =
  /** A moment, in ISO 8601 with its offset: everything committed before it. */
  | { readonly kind: 'time'; readonly at: string }
  /** Everything committed before this transaction, by its number. */
  | { readonly kind: 'transaction'; readonly id: string }
  /** Everything committed before this marker was set, such as one that a release sets before it begins. */
  | { readonly kind: 'marker'; readonly name: string }

/** Makes a new instance from the history of another one. Never writes over anything: it can neither delete nor replace. */
export interface Restore {
  /** Undefined where the instance keeps no history. */
  window(source: InstanceRef): Promise<RestoreWindow | undefined>
  /** Moment of a target, in ISO 8601, UTC; undefined where the transaction or the marker is not known. */
  momentOf(source: InstanceRef, target: RestoreTarget): Promise<string | undefined>
  /**
   * Begins to make `copy` as `source` was just before `at`, reachable for nobody but the fence role.
   * `Inventory.describe` tells when it is available. Called again with the same key it changes nothing.
   * Throws PortError('conflict') where `copy` exists and this request did not make it.
   */
  begin(
    source: InstanceRef,
    request: { readonly key: string; readonly at: string; readonly copy: InstanceRef },
  ): Promise<void>
}
