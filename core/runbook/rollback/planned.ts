import type { Json } from '../../json'
import type { Ports } from '../../ports'
import type { Component } from '../../ports/deployments'
import { planRollback } from '../../release/look-at-platform'
import { planDigest, type RollbackPlan } from '../../release/rollback-plan'
import type { StepContext } from '../model'
import type { RollbackInput } from './input'
import { releasesOnRecord } from './on-record'

/** What a plan is made from: where things are deployed, and what is on record. */
interface PlanContext {
  readonly ports: Pick<Ports, 'deployments' | 'coordination'>
  readonly input: RollbackInput
}

/** The plan as the platform stands now. Throws PortError('conflict') where there is nothing to go back to, or nothing to do. */
export async function planNow({ ports, input }: PlanContext): Promise<RollbackPlan> {
  const { environment, wanted, components, putBackSeconds, healthySeconds, budgetSeconds } = input
  const newestFirst = await releasesOnRecord(ports.coordination, input)
  return planRollback(ports.deployments, {
    environment,
    wanted,
    components,
    newestFirst,
    putBackSeconds,
    healthySeconds,
    budgetSeconds,
  })
}

/** What of a plan a run carries along: the rest is in the policy, and in the records of the two releases. */
export interface CarriedPlan {
  readonly digest: string
  readonly from: number | null
  readonly to: number
  readonly changes: readonly CarriedChange[]
  readonly staying: readonly string[]
  readonly expectedSeconds: number
  readonly withinBudget: boolean
}

export interface CarriedChange {
  readonly name: string
  readonly from: string | null
  readonly to: string
}

export const carried = (plan: RollbackPlan): CarriedPlan => ({
  digest: planDigest(plan),
  from: plan.from?.sequence ?? null,
  to: plan.to.sequence,
  changes: plan.changes.map(({ name, from, to }) => ({ name, from, to })),
  staying: plan.staying,
  expectedSeconds: plan.expectedSeconds,
  withinBudget: plan.expectedSeconds <= plan.budgetSeconds,
})

export const asOutput = (plan: CarriedPlan): Json => ({ ...plan }) as unknown as Json

/** The plan that the first step has made; undefined where it could make none, which only a dry run survives. */
export const planOf = ({ outputs }: Pick<StepContext<RollbackInput>, 'outputs'>): CarriedPlan | undefined =>
  outputs['assess'] as unknown as CarriedPlan | undefined

/** The plan of a run that changes something. */
export function requiredPlan(context: Pick<StepContext<RollbackInput>, 'outputs' | 'runId'>): CarriedPlan {
  const plan = planOf(context)
  if (!plan) throw new Error(`the run '${context.runId}' goes on without a plan`)
  return plan
}

/** A component by its name, as the run was given it. */
export function componentOf({ components }: RollbackInput, name: string): Component {
  const found = components.find((component) => component.name === name)
  if (!found) throw new Error(`the plan names '${name}', which is no component`)
  return found
}

/** Key under which a change of a run is asked for. */
export const changeKey = (runId: string, name: string): string => `${runId}/put-back/${name}`
