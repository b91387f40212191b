import { findViolations, stillHolds } from '../../compliance/find'
import type { Json } from '../../json'
import { MAX_FINDINGS, usual, type RemediationInput, type RemediationStep } from './input'
import type { StepContext } from '../model'

/** What the account says now is what counts: a finding may be old, or have been put right by somebody else. */
export const identify: RemediationStep = {
  ...usual,
  id: 'identify',
  title: 'Confirm what was found',
  byHand:
    'Look at each resource in the account itself, not at the report. Strike out what is as it is declared; if nothing is left, there is nothing to do.',
  privilege: 'audit',
  begin: async (context) => ({ kind: 'done', output: await look(context) }),
  preview: look,
  undo: { none: 'it changes nothing' },
}

/** What was named is looked at anew; where nothing was, everything that is declared here is. */
async function look(context: StepContext<RemediationInput>): Promise<Json> {
  if (context.input.findings.length > 0) return { confirmed: await confirmedIn(context) }
  const { compliance } = context.ports
  const { region } = context.input
  const { protections, keyOfCopies } = await compliance.declaredIn(region)
  const keys = new Map(keyOfCopies === undefined ? [] : [[region, keyOfCopies] as const])
  const violations = await findViolations(compliance, protections, keys)
  const found = violations.slice(0, MAX_FINDINGS)
  // What does not fit is for a further run, and is said.
  return {
    confirmed: found.map((_, at) => at),
    found: found as unknown as Json,
    left: violations.length - found.length,
  }
}

/** Places in the input of the findings that hold. */
async function confirmedIn({ ports, input }: StepContext<RemediationInput>): Promise<number[]> {
  const holds: number[] = []
  for (const [at, finding] of input.findings.entries()) if (await stillHolds(ports.compliance, finding)) holds.push(at)
  return holds
}
