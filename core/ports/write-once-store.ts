/** An append-only place for evidence: what is written once can be read and listed, never changed or removed. */
export interface WriteOnceStore {
  /** Stores the text under a key that nothing holds yet; an existing key keeps its first content. */
  create(key: string, text: string): Promise<'created' | 'exists'>
  get(key: string): Promise<string | undefined>
  /** Keys that start with the prefix, in key order, fetched page by page. */
  keys(prefix: string): AsyncIterable<string>
}

/** Signs checkpoints with a key that never leaves its holder (KMS in AWS, a file of mode 600 locally). */
export interface Signer {
  readonly keyId: string
  /** ECDSA P-256 over SHA-256 of the text, DER, base64. */
  sign(text: string): Promise<string>
  /** PEM (SPKI) of the public half, for verification without the signer. */
  publicKey(): Promise<string>
}
