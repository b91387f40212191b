import { referenceOf } from '../../compliance/find'
import { classify } from '../failure'
import type { ActionResult, StepContext } from '../model'
import { usual, type RemediationInput, type RemediationStep } from './input'
import { planned } from './plan'

/** One finding that cannot be remedied keeps no other one open: all are tried, in order, before the step fails. */
export const remedy: RemediationStep = {
  ...usual,
  id: 'remedy',
  title: 'Put back what protects',
  byHand:
    'Carry out the remedy of each finding, the most exposing first. If one is refused, go on with the next, and say at the end which are left.',
  privilege: 'remedy',
  timeoutSeconds: ({ timeouts }) => timeouts.remedySeconds,
  begin: (context) => act(context),
  poll: (context) => act(context),
  preview: async (context) => ({ wouldRemedy: planned(context).map(({ code }) => code) }),
  undo: { none: 'what protects again is never weakened again by a runbook' },
}

async function act(context: StepContext<RemediationInput>): Promise<ActionResult> {
  let underWay = 0
  const refused: { readonly finding: string; readonly code: string }[] = []
  let passing: unknown
  const findings = planned(context)
  for (const { code, declared } of findings)
    try {
      const key = `${context.key}/${code}/${referenceOf(declared)}`
      if ((await context.ports.remedies.restore(declared, { key })) === 'under-way') underWay += 1
    } catch (error) {
      const failure = classify(error)
      // What nobody foresaw may have left anything behind: nothing further is touched.
      if (failure.code === 'UNEXPECTED') throw error
      if (failure.retryable) passing ??= error
      else refused.push({ finding: `${code} ${referenceOf(declared)}`, code: failure.code })
    }
  if (passing) throw passing
  if (underWay > 0) return { kind: 'pending', handle: { underWay } }
  if (refused.length > 0) return { kind: 'failed', code: 'REMEDY_REFUSED', detail: { refused } }
  return { kind: 'done', output: { remedied: findings.length } }
}
