import type { Json } from '../json'

/** One stored value. `version` changes with every replacement and means nothing else. */
export interface Stored {
  readonly key: string
  readonly value: Json
  readonly version: string
}

/**
 * A small, strongly consistent store in one region: everything coordination asks of a region.
 * Writes are conditional, so two writers can never both win. Every call answers within its adapter's
 * deadline or throws PortError('unreachable').
 */
export interface ConditionalStore {
  get(key: string): Promise<Stored | undefined>
  /** Writes only where nothing is stored under the key yet. */
  create(key: string, value: Json): Promise<'created' | 'exists'>
  /** Writes only where the stored version is still the one given. */
  replace(key: string, value: Json, version: string): Promise<'replaced' | 'stale'>
  /** Everything whose key starts with the prefix, in key order, fetched page by page. */
  list(prefix: string): AsyncIterable<Stored>
}
