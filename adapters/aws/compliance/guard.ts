import type { Protection } from '../../../core/ports/compliance'

/** How one kind of thing is looked up and put back in one region. */
export interface Guard<P extends Protection> {
  read(name: string): Promise<P | undefined>
  /** Makes it as given, which is no weaker than it was found. */
  write(wanted: P, found: P | undefined, key: string): Promise<'restored' | 'under-way'>
}
