import type { Runbook } from '../model'
import { bringUp } from './bring-up'
import { claimEpoch } from './claim-epoch'
import { confirm } from './confirm'
import { decide } from './decide'
import { fence } from './fence'
import type { RegionFailoverInput } from './input'
import { open } from './open'
import { promote } from './promote'
import { prove } from './prove'
import { replayLedger } from './replay-ledger'
import { report } from './report'
import { serve } from './serve'
import { switchTraffic } from './switch-traffic'
import { validate } from './validate'

export type { RegionFailoverInput } from './input'

/** The order never changes: nothing is promoted before the old primary is fenced, and nobody enters before the data is judged. */
export const regionFailover: Runbook<RegionFailoverInput> = {
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
    open,
    serve,
    report,
  ],
}
