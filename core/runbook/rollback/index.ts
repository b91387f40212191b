import type { Runbook } from '../model'
import { validateContent } from '../steps/validate'
import { approve, isAnsweredFor } from './approve'
import { assess } from './assess'
import type { RollbackInput } from './input'
import { lease } from './lease'
import { listSetAside } from './list-set-aside'
import { monitor } from './monitor'
import { position } from './position'
import { putBack } from './put-back'
import { recordReturn } from './record-release'
import { validateCompliance } from './validate-compliance'
import { recoveryPoint } from './recovery-point'
import { report } from './report'
import { verify } from './verify'

/**
 * Serving comes first. Then what has to be done however the rest ends: what is in force is put on record, and what was set aside
 * is listed. Damaged data or a platform that fails again stop the run only after that.
 */
export const rollback: Runbook<RollbackInput> = {
  name: 'rollback',
  title: 'Put the platform back to its last healthy release',
  purpose:
    'A release is bad. What it has changed is put back, one component after the other, each seen to serve before the next; the schema comes last, and what it has no place for is kept or listed.',
  whenNotToUse: [
    'the data is wrong and the programs are not: use point-in-time recovery, a rollback changes no row',
    'a migration of the release has no way back: the plan names it, and what to do instead',
    'a region or a database is lost: use a failover, the release is the same in both regions',
    'somebody has broken in: isolate and recover first',
  ],
  steps: [
    assess,
    approve,
    lease,
    position,
    recoveryPoint,
    putBack,
    verify,
    listSetAside,
    recordReturn,
    validateContent({
      byHand:
        'Compare fingerprint, counts, constraints and sequences with the stored baseline, and run amcheck. If the bad release has damaged data, go on with a point-in-time recovery to its marker.',
      question: 'The platform is back, and the data could not be judged completely. Accept that?',
      // It serves by now, whatever anybody says: one answer is for the whole run, there and back.
      unless: { told: 'the rollback was approved, or could not wait for that', holds: isAnsweredFor },
    }),
    validateCompliance,
    monitor,
    report,
  ],
}
