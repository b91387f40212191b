import { readLedger } from '../../coordination/erasure-ledger'
import { ordinary, type MoveStep } from './input'

/** What a person had the right to have erased must not come back with the recovered data. No ledger, no opening. */
export const replayLedger: MoveStep = {
  ...ordinary,
  id: 'replay-ledger',
  title: 'Replay the erasure ledger',
  byHand:
    'Apply every erasure and withdrawal of the ledger that the new writer does not hold. Without a complete ledger, do not open.',
  privilege: 'database',
  begin: async ({ ports, input }) => {
    const entries = await readLedger(ports.coordination)
    const { applied } = await ports.database.replayLedger(input.successor, entries)
    return { kind: 'done', output: { entries: entries.length, applied } }
  },
  preview: async ({ ports }) => ({ entries: (await readLedger(ports.coordination)).length }),
  undo: { none: 'an erasure is never undone' },
}
