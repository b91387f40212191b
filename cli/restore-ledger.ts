import { join } from 'node:path'
import { KeyWrapping } from '../adapters/local/key-wrapping'
import { onServer } from '../adapters/postgres/database-names'
import type { DatabaseAddress } from '../adapters/postgres/database-url'
import { replayInto } from '../adapters/postgres/ledger-replay'
import { openCorrection } from '../core/coordination/corrections'
import { readLedger } from '../core/coordination/erasure-ledger'
import { replaySet } from '../core/coordination/replay-set'
import { PortError } from '../core/ports/errors'
import { operatorWorld, type OperatorOptions } from './operator'

/** Applies to a restored database what people were promised since it was backed up. Gives how many entries it was given. */
export async function replayLedger(
  address: DatabaseAddress,
  backedUpAt: string,
  options: OperatorOptions,
): Promise<number> {
  const { places, policy } = await operatorWorld(options)
  const set = replaySet(await readLedger(places), backedUpAt, policy.failover.ledgerSkewSeconds)
  const keys =
    options.target === 'local' ? await KeyWrapping.open(join(options.folder, 'keys', 'patient-data')) : undefined
  const { applied, residue } = await onServer(address, (client) =>
    replayInto(client, set, async (entry) => {
      if (keys) return openCorrection(places.recovery, keys, entry)
      throw new PortError(
        'denied',
        'CORRECTION_SEALED',
        `correction '${entry.id}' is for the function that replays alone to open; restore in AWS by the runbook`,
      )
    }),
  )
  if (residue === 0) return applied
  throw new PortError('conflict', 'LEDGER_RESIDUE', `${residue} rows still stand against the ledger; nothing may open`)
}
