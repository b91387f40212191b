import type { Policy } from './schema'

type Store = Policy['stores'][number]

/** A bucket of the register, and what it is deployed as. */
export interface BucketStore {
  readonly store: Store
  readonly kind: 'assets' | 'file-transfer'
}

/** Every bucket of the register that a stack makes; a rule refuses the others, which would be in no region and no plan. */
export function bucketStores({
  stores,
  fileTransfer,
}: Pick<Policy, 'stores' | 'fileTransfer'>): readonly BucketStore[] {
  const buckets = stores.filter(({ kind }) => kind === 'bucket')
  const assets = buckets.find(({ tier }) => tier === 'static-assets')
  const exchanged = fileTransfer.mode === 'sftp' && buckets.find(({ id }) => id === fileTransfer.store)
  return [
    ...(assets ? [{ store: assets, kind: 'assets' } as const] : []),
    ...(exchanged ? [{ store: exchanged, kind: 'file-transfer' } as const] : []),
  ]
}
