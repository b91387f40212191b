import { ordinary } from '../steps/input'
import type { ZoneFailoverStep } from './input'

/** Nobody is kept out meanwhile: the standby held every commit, so what clients find is what they left. */
export const prove: ZoneFailoverStep = {
  ...ordinary,
  id: 'prove',
  title: 'Prove that the standby writes',
  byHand: 'Commit one row as the fence role through the name of the instance, and read it from a second session.',
  privilege: 'database',
  begin: async ({ ports, input, key }) => {
    if (await ports.database.inRecovery(input.successor)) return { kind: 'failed', code: 'STILL_IN_RECOVERY' }
    const { position } = await ports.database.proveWrite(input.successor, key)
    return { kind: 'done', output: { position } }
  },
  preview: async ({ ports, input }) => ({ inRecovery: await ports.database.inRecovery(input.successor) }),
  undo: { none: 'after the failover there is only forward' },
}
