import type { WriteOnceStore } from './write-once-store'

/** What the place that holds a bundle says about it. */
export interface HeldBundle {
  readonly bytes: number
  /** Computed by the place itself when it took the bundle in; hex. */
  readonly sha256: string
}

/** One place that keeps signed copies of the repository: bundles, written once, and the manifests that vouch for them. */
export interface CodeCopies {
  readonly manifests: WriteOnceStore
  /**
   * Stores a bundle under a key that nothing holds yet; an existing key keeps its first content. Throws
   * PortError('invalid') where the content has another hash than stated.
   */
  storeBundle(key: string, content: Uint8Array, sha256: string): Promise<'created' | 'exists'>
  describeBundle(key: string): Promise<HeldBundle | undefined>
  readBundle(key: string): Promise<Uint8Array | undefined>
}
