import { claimEpoch as claim } from '../steps/claim-epoch'
import type { MoveStep } from '../steps/input'

/** Never handed back: the guard of the old writer would open to the attacker what was closed against him. */
export const claimEpoch: MoveStep = {
  ...claim,
  undo: { none: 'a compromised database never gets the right to write back; go forward', pointOfNoReturn: true },
}
