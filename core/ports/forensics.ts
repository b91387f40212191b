import type { InstanceRef } from './database'

/** A copy of what an attacker left behind, as it lies where nobody can change it. */
export type Preservation =
  | { readonly kind: 'under-way' }
  | {
      readonly kind: 'preserved'
      /** Where it lies, as its keeper names it. */
      readonly name: string
      /** Hash of the manifest that names every file or part with its own hash. */
      readonly manifestSha256: string
      readonly files: number
      readonly bytes: number
    }

/** Keeps evidence for an investigation. It can neither change nor delete what it has kept. */
export interface Forensics {
  /**
   * Makes one copy of the database and its logs under the key, written once and hashed. Asked again with the key it tells how
   * far it is, and makes no second one. Throws PortError('conflict') where what lies there is not what was kept.
   */
  preserve(ref: InstanceRef, request: { readonly key: string }): Promise<Preservation>
}
