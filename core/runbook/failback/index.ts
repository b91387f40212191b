import type { Runbook } from '../model'
import { bringUp } from '../steps/bring-up'
import { claimEpoch } from '../steps/claim-epoch'
import { confirm } from '../steps/confirm'
import { open } from '../steps/open'
import { promote } from '../steps/promote'
import { promoteSecrets } from '../steps/promote-secrets'
import { prove } from '../steps/prove'
import { replayLedger } from '../steps/replay-ledger'
import { report } from '../steps/report'
import { serve } from '../steps/serve'
import { settleEpoch } from '../steps/settle-epoch'
import { switchTraffic } from '../steps/switch-traffic'
import { validate } from '../steps/validate'
import { catchUp } from './catch-up'
import { closeBehind } from './close-behind'
import { compareSecrets } from './compare-secrets'
import { decide } from './decide'
import { fence } from './fence'
import type { FailbackInput } from './input'

/** The order of a region failover, with the one thing more that a planned switch can do: wait until nothing is missing. */
export const failback: Runbook<FailbackInput> = {
  name: 'failback',
  title: 'Fail back to the primary region, without loss',
  purpose:
    'The primary region works again and holds a replica that was rebuilt as a new generation. The writer is closed, the replica catches up with its last position, and takes over; nothing that was acknowledged is missing.',
  whenNotToUse: [
    'the writer is down or does not answer: use the region failover, which does not need it',
    'the old primary is still there and seems usable: it has missed every write since the failover and never takes over again',
    'the primary region is not stable yet: every switch is an outage, and the recovery region serves well',
    'the replica is hours behind: clients would wait for all of it',
  ],
  steps: [
    decide,
    closeBehind,
    compareSecrets,
    claimEpoch,
    fence,
    confirm,
    catchUp,
    promote,
    prove,
    switchTraffic,
    validate,
    replayLedger,
    bringUp,
    settleEpoch,
    open,
    promoteSecrets,
    serve,
    report,
  ],
}
