import type { Runbook } from '../model'
import { restoreBeside } from '../steps/restore-beside'
import { choose } from './choose'
import { examine } from './examine'
import type { RestoreTestInput } from './input'
import { remove } from './remove'
import { report } from './report'

/** No traffic moves, no right to write is claimed, and nothing but the copy of this run is ever removed. */
export const restoreTest: Runbook<RestoreTestInput> = {
  name: 'restore-test',
  title: 'Test a restore',
  purpose:
    'A backup counts only once it was restored. A copy is made from the history, in isolation, judged, timed, and removed again; the evidence says what it showed.',
  whenNotToUse: [
    'data was lost or is wrong: use point-in-time recovery, which keeps its copy',
    'nobody would look at the result: a test that fails is an incident of the backups',
    'the region restores for real at the moment: a test competes with it for the same machines',
  ],
  steps: [
    choose,
    // Also a restore that fails may have left a copy, which has to go.
    {
      ...restoreBeside<RestoreTestInput>(({ outputs }) => (outputs['choose'] as { at: string }).at),
      onFailure: 'continue',
    },
    examine,
    remove,
    report,
  ],
}
