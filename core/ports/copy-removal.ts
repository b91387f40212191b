import type { InstanceRef } from './database'

/** Removes copies that were restored as a test. It cannot touch anything else, whoever asks. */
export interface CopyRemoval {
  /**
   * Begins to remove the copy that a restore made under the key; `Inventory.describe` tells when it is gone. Gone already
   * counts as done. Throws PortError('denied') for an instance that was not made under it, or has been opened since.
   */
  remove(copy: InstanceRef, request: { readonly restoreKey: string }): Promise<void>
}
