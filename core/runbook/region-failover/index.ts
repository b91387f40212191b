import type { Runbook } from '../model'
import { bringUp } from '../steps/bring-up'
import { claimEpoch } from '../steps/claim-epoch'
import { confirm } from '../steps/confirm'
import { decide } from './decide'
import { fence } from '../steps/fence'
import type { MoveInput } from '../steps/input'
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

/** The order never changes: nothing is promoted before the old primary is fenced, and nobody enters before the data is judged. */
export const regionFailover: Runbook<MoveInput> = {
  name: 'region-failover',
  title: 'Fail over to the recovery region',
  purpose:
    'The primary region is lost or cannot be reached. The replica in the recovery region becomes the one writer, traffic moves there, and no two writers exist at any moment.',
  whenNotToUse: [
    'only one instance or one zone is down: use the zone failover',
    'the data is wrong on both sides: the replica holds the same error, use point-in-time recovery',
    'the primary region is slow but serving: a failover may lose the newest seconds of data',
  ],
  steps: [
    decide,
    claimEpoch,
    fence,
    confirm,
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
