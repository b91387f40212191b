import type { Policy } from '../../core/policy'

/** Tables of the store register: what the lease protects and a validation reads. */
export const protectedTables = (policy: Policy): readonly string[] =>
  policy.stores.filter((store) => store.kind === 'table').map((store) => store.id)
