/** What a data key is for; the same words are needed to get it back. They may appear in audit logs, so they hold no secret. */
export type KeyContext = Readonly<Record<string, string>>

/** A fresh key for one text: the plain half is used once and forgotten, the wrapped half is stored beside the text. */
export interface DataKey {
  /** 256 bits. */
  readonly plain: Uint8Array
  readonly wrapped: string
}

/**
 * Data keys under a region's own key, which never leaves its holder (KMS in AWS, a file of mode 600 locally). Throws
 * PortError('denied') without the right to that key, PortError('invalid') for a wrapped key that is damaged, belongs to
 * another context or to another holder.
 */
export interface DataKeys {
  make(context: KeyContext): Promise<DataKey>
  unwrap(wrapped: string, context: KeyContext): Promise<Uint8Array>
}

/** A holder that takes over keys which another one wrapped. */
export interface KeyHolder extends DataKeys {
  /** Names the key that wraps, and is no secret: for KMS as it is asked for, so that only an ARN names one key for good. */
  readonly keyId: string
  /** The same data key under this holder's own key. */
  wrap(plain: Uint8Array, context: KeyContext): Promise<string>
}
