import { byExposure, kindOf } from '../../compliance/finding-kinds'
import type { Finding } from '../../compliance/find'
import type { StepContext } from '../model'
import { findingsOf, usual, type RemediationInput, type RemediationStep } from './input'

/** Each code has one remedy, so that a plan is an order. */
export const plan: RemediationStep = {
  ...usual,
  id: 'plan',
  title: 'Plan the corrective actions',
  byHand:
    'Order what is left: first what lets somebody read data, then what lets somebody destroy it, then what hides either, then what only shortens. Take the remedy of each from the register.',
  privilege: 'audit',
  begin: async (context) => ({ kind: 'done', output: ordered(context) }),
  preview: async (context) => ordered(context),
  undo: { none: 'it changes nothing' },
}

/** Places among the findings, in the order in which they are remedied. */
function ordered(context: Context) {
  const { confirmed } = context.outputs['identify'] as unknown as { confirmed: readonly number[] }
  const findings = findingsOf(context)
  const codeAt = (at: number) => findings[at]!.code
  const order = confirmed.toSorted((a, b) => byExposure(codeAt(a), codeAt(b)) || a - b)
  return { order, asks: order.filter((at) => kindOf(codeAt(at)).approval === 'second-person').length }
}

type Context = StepContext<RemediationInput>

/** The findings of a plan, in its order. */
export function planned(context: Pick<Context, 'input' | 'outputs'>): readonly Finding[] {
  const { order } = context.outputs['plan'] as unknown as { order: readonly number[] }
  const findings = findingsOf(context)
  return order.map((at) => findings[at]!)
}
