import type { FindingCode } from '../../../../core/compliance/finding-kinds'
import { runbookNamed } from '../../../../core/runbook/runbooks'
import { remediation, violatedWorld, VIOLATIONS } from '../remediation'
import { answered, approvals, DRY, failing, type Rehearsal, type Scenario } from './rehearsal'

/** One that takes time and asks, one that is made anew, and one that is only switched on. */
const CODES: readonly FindingCode[] = ['copy-unencrypted', 'selection-removed', 'lock-removed']
/** Those of them that ask nobody. */
const QUIET: readonly FindingCode[] = ['selection-removed', 'lock-removed']
const quiet = { input: { findings: remediation(QUIET).input.findings } }

const success: Scenario = { name: 'success', prepare: answered(true), ends: 'succeeded' }
const nothing: Scenario = {
  name: 'nothing that is left to do',
  prepare: ({ account }) => {
    for (const code of QUIET) account.put(VIOLATIONS[code][0])
  },
  run: quiet,
  ends: 'succeeded',
}
const refused: Scenario = {
  name: 'a thing that is gone',
  prepare: (around) => {
    answered(true)(around)
    around.account.remove(VIOLATIONS['lock-removed'][0])
  },
  ends: 'remedy REMEDY_REFUSED',
}

export const complianceRemediation: Rehearsal = {
  runbook: runbookNamed('compliance-remediation'),
  world: () => violatedWorld(CODES),
  run: () => remediation(CODES),
  scenarios: [
    success,
    nothing,
    refused,
    DRY,
    ...approvals('approve'),
    {
      name: 'violations that nobody has named',
      run: { input: { findings: [] } },
      prepare: answered(true),
      ends: 'succeeded',
    },
    { name: 'a dry run that looks for them', run: { mode: 'dry-run', input: { findings: [] } }, ends: 'succeeded' },
    { name: 'remedies that ask nobody', run: quiet, ends: 'succeeded' },
    {
      name: 'a retry that helps',
      prepare: failing('remedies.restore', 'throttled', 2),
      run: quiet,
      ends: 'succeeded',
    },
    {
      name: 'retries that do not',
      prepare: failing('remedies.restore', 'throttled'),
      run: quiet,
      ends: 'remedy INJECTED_THROTTLED',
    },
    {
      name: 'a role that may not',
      prepare: failing('remedies.restore', 'denied'),
      run: quiet,
      ends: 'remedy REMEDY_REFUSED',
    },
    {
      name: 'a timeout',
      prepare: (around) => {
        answered(true)(around)
        around.account.copySeconds = 100_000
      },
      ends: 'remedy TIMEOUT',
    },
    {
      name: 'a remedy that does not help',
      prepare: ({ account }) => void (account.restore = async () => 'restored'),
      run: quiet,
      ends: 'validate FINDING_REMAINS',
    },
  ],
  crashes: [success, nothing, refused],
}
