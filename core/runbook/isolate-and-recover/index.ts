import type { Runbook } from '../model'
import { toCopy } from '../point-in-time-recovery/switch-traffic'
import { bringUp } from '../steps/bring-up'
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
import { claimEpoch } from './claim-epoch'
import { decide } from './decide'
import { cleanPoint, findCleanPoint } from './find-clean-point'
import { harden } from './harden'
import type { IsolateAndRecoverInput } from './input'
import { isolate } from './isolate'
import { confirmPreserved, preserve } from './preserve'
import { revoke } from './revoke'
import { rotate } from './rotate'
import { scan } from './scan'
import { validateCompliance } from './validate-compliance'

/**
 * Access is cut first and never given back to the database that was attacked; a recovery is for people to decide. A run that
 * stops anywhere leaves it closed, isolated and whole, and the clients refused.
 */
export const isolateAndRecover: Runbook<IsolateAndRecoverInput> = {
  name: 'isolate-and-recover',
  title: 'Isolate a compromised database, and recover a clean copy',
  purpose:
    'Somebody is inside with stolen credentials and rewrites or deletes data. Access is cut, evidence is kept, and a copy of the database as it was before the first suspect transaction takes over, with new credentials, hardened and scanned.',
  whenNotToUse: [
    'a program or a person of ours made a mistake: use point-in-time recovery, which gives the right to write back if it stops',
    'the credentials leaked and nothing was changed: revoke and rotate them, and keep the database',
    'a page is damaged and nobody was inside: promote the copy that is proved clean',
    'the attacker holds the AWS account itself: this account can prove nothing any more, recover from the second one',
  ],
  steps: [
    decide,
    claimEpoch,
    { ...fence, undo: { none: 'what was closed against an attacker stays closed' } },
    confirmOnWriter,
    isolate,
    revoke,
    preserve,
    findCleanPoint,
    restoreBeside(cleanPoint),
    { ...unseen(prove), undo: { none: 'nobody but the fence role is in the copy, and nobody needs it' } },
    // Nobody enters by the name before the copy is opened: clients only learn early where it will be.
    { ...toCopy, undo: { none: 'nobody is led back to a database that was attacked' } },
    unseen(validate),
    rotate,
    unseen(replayLedger),
    {
      ...listLaterWrites(cleanPoint),
      byHand:
        'In the attacked database, which stays closed, list for each table the ids of the rows whose transaction was committed at or after the clean point. A row that the clean copy holds too was rewritten since, by the attacker or by a client: nobody enters it again unseen. Rows that only the clean copy holds were deleted since: list them apart. Give both lists to the owners of the data.',
    },
    harden,
    scan,
    confirmPreserved,
    validateCompliance,
    bringUp,
    settleEpoch,
    open,
    serve,
    reportWith(({ outputs }) => ({
      measurements: {
        findings: (outputs['decide'] as { findings?: string[] } | undefined)?.findings ?? [],
        cleanPoint: (outputs['find-clean-point'] as { at?: string } | undefined)?.at ?? null,
        preserved: outputs['confirm-preserved'] ?? null,
        laterWrites: outputs['list-later-writes'] ?? null,
        compliance: outputs['validate-compliance'] ?? null,
      },
      artefacts: artefactsOf(outputs),
    })),
  ],
}
