import type { Runbook, StepContext } from '../model'
import { bringUp } from '../steps/bring-up'
import { claimEpoch } from '../steps/claim-epoch'
import { confirmOnWriter } from '../steps/confirm-on-writer'
import { fence } from '../steps/fence'
import { artefactsOf, listLaterWrites } from '../steps/list-later-writes'
import { open } from '../steps/open'
import { prove } from '../steps/prove'
import { replayLedger } from '../steps/replay-ledger'
import { reportWith } from '../steps/report'
import { restoreBeside } from '../steps/restore-beside'
import { serve } from '../steps/serve'
import { settleEpoch } from '../steps/settle-epoch'
import { unseen } from '../steps/unseen'
import { validate } from '../steps/validate'
import { decide } from './decide'
import type { PointInTimeInput } from './input'
import { switchTraffic } from './switch-traffic'

const decidedMoment = ({ outputs }: Pick<StepContext<PointInTimeInput>, 'outputs'>): string =>
  (outputs['decide'] as { at: string }).at

/**
 * The old database is closed first and kept to the end: nobody writes what would be left behind, and nothing is thrown away.
 * Until the copy is opened, a run that stops gives it the right to write back.
 */
export const pointInTimeRecovery: Runbook<PointInTimeInput> = {
  name: 'point-in-time-recovery',
  title: 'Recover to a point in time',
  purpose:
    'The data is wrong on every copy: an error of people or programs was replicated. A copy of the database is made as it was just before, judged, and takes over; the old database stays closed and is kept, and what was written since is listed for re-entry.',
  whenNotToUse: [
    'a page is damaged on one side only: promote the copy that is proved clean, which loses nothing',
    'few rows are wrong and known: correct them in place, since everything written after the target leaves the database here',
    'the region is lost: use the region failover',
    'somebody is attacking: use the response to a security incident, which cuts access first',
  ],
  steps: [
    decide,
    claimEpoch,
    fence,
    confirmOnWriter,
    restoreBeside(decidedMoment),
    { ...unseen(prove), undo: { none: 'nobody but the fence role is in the copy, and nobody needs it' } },
    switchTraffic,
    unseen(validate),
    unseen(replayLedger),
    listLaterWrites(decidedMoment),
    bringUp,
    settleEpoch,
    open,
    serve,
    reportWith(({ outputs }) => ({
      measurements: {
        returnedTo: (outputs['decide'] as { at?: string } | undefined)?.at ?? null,
        laterWrites: outputs['list-later-writes'] ?? null,
      },
      artefacts: artefactsOf(outputs),
    })),
  ],
}
