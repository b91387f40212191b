import { stillHolds } from '../../compliance/find'
import { usual, type RemediationInput, type RemediationStep } from './input'
import type { StepContext } from '../model'

/** What the account says now is what counts: a finding may be old, or have been put right by somebody else. */
export const identify: RemediationStep = {
  ...usual,
  id: 'identify',
  title: 'Confirm what was found',
  byHand:
    'Look at each resource in the account itself, not at the report. Strike out what is as it is declared; if nothing is left, there is nothing to do.',
  privilege: 'audit',
  begin: async (context) => ({ kind: 'done', output: { confirmed: await confirmedIn(context) } }),
  preview: async (context) => ({ confirmed: await confirmedIn(context) }),
  undo: { none: 'it changes nothing' },
}

/** Places in the input of the findings that hold. */
async function confirmedIn({ ports, input }: StepContext<RemediationInput>): Promise<number[]> {
  const holds: number[] = []
  for (const [at, finding] of input.findings.entries()) if (await stillHolds(ports.compliance, finding)) holds.push(at)
  return holds
}
