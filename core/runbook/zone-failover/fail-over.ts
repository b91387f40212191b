import type { InstanceDescription } from '../../ports/database'
import { isPortError } from '../../ports/errors'
import type { ActionResult } from '../model'
import { ordinary } from '../steps/input'
import type { ZoneFailoverStep } from './input'

/**
 * Fence and promotion in one: the control plane owns both hosts, takes the disk from the old one and gives the name to the
 * standby. What it has begun by itself is waited for, not begun again.
 */
export const failOver: ZoneFailoverStep = {
  ...ordinary,
  id: 'fail-over',
  title: 'Fail over to the standby in another zone',
  byHand:
    'Reboot the instance with failover. RDS may have begun one by itself: then wait until the instance is available, and look whether its zone has changed.',
  privilege: 'promote',
  timeoutSeconds: (input) => input.timeouts.promoteSeconds,
  begin: async ({ ports, input, key }) => {
    const before = await ports.inventory.describe(input.writer)
    if (!before) return { kind: 'failed', code: 'INSTANCE_MISSING' }
    if (before.role !== 'primary') return { kind: 'failed', code: 'NOT_THE_WRITER' }
    try {
      const { leaves } = await ports.zoneStandby.failOver(input.writer, { key })
      return { kind: 'pending', handle: { from: leaves } }
    } catch (error) {
      // Under way by itself, or without a standby: which of the two, the wait for another zone tells.
      if (!isPortError(error) || error.failure !== 'conflict') throw error
    }
    return { kind: 'pending', handle: { from: before.zone ?? null } }
  },
  poll: async ({ ports, input }, handle) => {
    const { from } = handle as { from: string | null }
    return served(await ports.inventory.describe(input.writer), from)
  },
  preview: async ({ ports, input }) => {
    const instance = await ports.inventory.describe(input.writer)
    return { wouldFailOver: input.writer.instance, status: instance?.status ?? 'missing', zone: instance?.zone ?? null }
  },
  undo: {
    none: 'the control plane makes a new standby of what is left; failing over again would only add an outage',
    pointOfNoReturn: true,
  },
}

function served(instance: InstanceDescription | undefined, from: string | null): ActionResult {
  const zone = instance?.zone ?? null
  if (instance?.status === 'available' && zone !== from) return { kind: 'done', output: { from, to: zone } }
  return { kind: 'pending', handle: { from } }
}
