import type { InstanceRef } from './database'

/** What a rotation came to, by the names of roles; never a secret. */
export interface Rotation {
  /** Roles that have a new secret, handed to those who use it. */
  readonly rotated: readonly string[]
  /** Roles that an older secret still lets in: the rotation has failed. */
  readonly stillAccepted: readonly string[]
}

/** Replaces the secrets of login roles. It opens no login and grants no right. */
export interface Credentials {
  /**
   * Gives every login role of the database but the fence role a new secret, hands it to its clients by the store of secrets,
   * and tries the old ones. Called again with the same key it makes no newer ones and tries again. The fence role has none:
   * in AWS it logs in by a token of IAM.
   */
  rotate(ref: InstanceRef, request: { readonly key: string }): Promise<Rotation>
}
