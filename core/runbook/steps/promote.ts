import { ordinary, type MoveStep } from './input'

/** Turns the replica into the primary. From here on there is no way back, only forward. */
export const promote: MoveStep = {
  ...ordinary,
  id: 'promote',
  title: 'Promote the replica',
  byHand: 'Promote the replica with its backup retention stated. Wait until it is a primary and available.',
  privilege: 'promote',
  timeoutSeconds: (input) => input.timeouts.promoteSeconds,
  begin: async ({ ports, input, key }) => {
    const before = await ports.inventory.describe(input.successor)
    if (!before) return { kind: 'failed', code: 'REPLICA_MISSING' }
    if (before.role === 'primary' && before.status === 'available')
      return { kind: 'done', output: { endpoint: before.endpoint.host } }
    await ports.promotion.promote(input.successor, { key, backupRetentionDays: input.backupRetentionDays })
    return { kind: 'pending', handle: null }
  },
  poll: async ({ ports, input }) => {
    const now = await ports.inventory.describe(input.successor)
    if (now?.role === 'primary' && now.status === 'available')
      return { kind: 'done', output: { endpoint: now.endpoint.host } }
    return { kind: 'pending', handle: null }
  },
  preview: async ({ ports, input }) => {
    const successor = await ports.inventory.describe(input.successor)
    return {
      wouldPromote: input.successor.instance,
      status: successor?.status ?? 'missing',
      role: successor?.role ?? 'missing',
    }
  },
  undo: { none: 'a promoted replica never becomes a replica again; failback is a rebuild', pointOfNoReturn: true },
}
