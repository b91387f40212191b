import type { InstanceRef } from './database'

/** The standby that an instance has in another zone of its region, kept in step by the control plane. */
export interface ZoneStandby {
  /**
   * Makes the standby the instance, under the same name; the control plane owns both and sees to it that the old one
   * cannot write. Only begins it: `Inventory.describe` tells when the instance is available in another zone than the one
   * given back, which it leaves. Called again with the same key it changes nothing, and gives the same zone also when it has
   * left it long since. Throws PortError('conflict') where the instance has no standby in sync.
   */
  failOver(ref: InstanceRef, request: { readonly key: string }): Promise<{ readonly leaves: string | null }>
}
