import { readLedger } from '../../coordination/erasure-ledger'
import { replaySet } from '../../coordination/replay-set'
import type { StepContext } from '../model'
import { ordinary, type MoveInput, type MoveStep } from './input'

/**
 * What a person had the right to have erased must not come back with the recovered data. No ledger, no opening. The recovery
 * point is the last heartbeat that the database holds: nobody has renewed its lease since it was recovered.
 */
export const replayLedger: MoveStep = {
  ...ordinary,
  id: 'replay-ledger',
  title: 'Replay the erasure ledger',
  byHand:
    'Apply every erasure, block, withdrawal, correction and access revocation of the ledger that was applied after the last heartbeat of the new writer, less the skew of the policy, or never. Look again: nothing may be left. Without a complete ledger, do not open.',
  privilege: 'database',
  begin: async (context) => {
    const { entries, lacking, recoveryPoint } = await lackingOf(context)
    const { applied, residue } = await context.ports.database.replayLedger(context.input.successor, lacking)
    const output = { entries, lacking: lacking.entries.length, applied, residue, recoveryPoint }
    if (residue > 0) return { kind: 'failed', code: 'LEDGER_RESIDUE', detail: output }
    return { kind: 'done', output }
  },
  preview: async (context) => {
    const { entries, lacking, recoveryPoint, head } = await lackingOf(context)
    return { entries, wouldApply: lacking.entries.length, recoveryPoint, head }
  },
  undo: { none: 'an erasure is never undone' },
}

async function lackingOf({ ports, input }: StepContext<MoveInput>) {
  const ledger = await readLedger(ports.coordination)
  const heartbeat = await ports.database.lastHeartbeat(input.successor)
  const lacking = replaySet(ledger, heartbeat?.at, input.ledgerSkewSeconds)
  const head = ledger.head ? `${ledger.head.sequence} ${ledger.head.hash}` : null
  return { entries: ledger.entries.length, lacking, head, recoveryPoint: heartbeat?.at ?? null }
}
