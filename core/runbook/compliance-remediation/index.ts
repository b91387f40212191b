import type { Runbook } from '../model'
import { approve } from './approve'
import { identify } from './identify'
import type { RemediationInput } from './input'
import { plan } from './plan'
import { remedy } from './remedy'
import { report } from './report'
import { train } from './train'
import { updateProcedure } from './update-procedure'
import { validate } from './validate'

/** The order of the procedure's fourth test scenario: identify, correct, validate, update, train. */
export const complianceRemediation: Runbook<RemediationInput> = {
  name: 'compliance-remediation',
  title: 'Remedy compliance violations',
  purpose:
    'Something in the account protects less than it is declared to. It is put back as declared, proven to be so, and the procedure and the people learn of it.',
  whenNotToUse: [
    'somebody is at work in the account right now: isolate and recover first, or what is put back is taken away again',
    'the declaration itself is wrong: change the policy by a reviewed change, or the finding comes back',
    'a whole vault, bucket, plan or key is gone: deploy its stack again, a remedy makes none of them anew',
  ],
  steps: [identify, plan, approve, remedy, validate, updateProcedure, train, report],
}
