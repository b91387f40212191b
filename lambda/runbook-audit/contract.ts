import { LOOKS_AT_PROTECTIONS } from '../account-permissions'
import { runbookContract, runState } from '../contract'

export const input = runState
export const output = runState

/** Looks at the account as it stands in its region, at what is declared there, and has the controls validated. It changes nothing. */
export const contract = runbookContract({
  name: 'runbook-audit',
  network: 'none',
  // Every declared thing of the region is one or two calls.
  timeoutSeconds: 300,
  environment: [],
  permissions: [
    ...LOOKS_AT_PROTECTIONS,
    { actions: ['lambda:InvokeFunction'], on: 'recovery-compliance-function' },
    {
      actions: ['cloudformation:ListStacks'],
      on: 'every-stack',
      reason: 'the list of stacks knows no resource (service authorization reference)',
    },
    {
      actions: ['cloudformation:GetTemplate'],
      on: 'own-stacks',
      reason: 'every stack of ours in the region, by what their names begin with',
    },
  ],
})
