import { demand } from '../../access/demand'
import { loadRun } from '../../coordination/run-journal'
import { contentHash } from '../../evidence/hash'
import { PortError } from '../../ports/errors'
import type { RunState } from '../model'
import { newRun } from '../reducer'
import { regionFailover } from '../region-failover'
import { startRun, type RunDeskWorld } from '../run-desk'
import type { MoveInput } from '../steps/input'
import { resolveMoveInput } from '../steps/resolve-input'
import { makePlan, requireUsable, type FailoverPlan } from './failover-plan'
import { changedFacts, factsOf, isFactual, type ChangedFact } from './facts'
import { previewSteps, type Previews } from './previews'

export interface PlanDeskWorld extends RunDeskWorld {
  readonly previews: Previews
}

interface WantedPlan {
  readonly incident: string
  readonly reasonCode: string
}

/** Plans a region failover: looks at everything that it would touch and changes nothing. Throws PortError('denied') for whoever may not. */
export async function planAtDesk(world: PlanDeskWorld, wanted: WantedPlan): Promise<FailoverPlan> {
  const { policy, clock, actor, previews } = world
  demand(actor, 'start-runbooks')
  const fresh = dryRun(world, wanted)
  return makePlan({
    fresh,
    previews: await previewSteps(regionFailover, previews, fresh),
    policyHash: contentHash(policy),
    now: clock.now(),
    expiresSeconds: policy.failover.planExpiresSeconds,
  })
}

/**
 * Starts the run of a plan, after every fact that it rests on was looked at again. The same plan again drives on the run that
 * it started, whose own doing has changed those facts. Throws PortError('conflict') for a plan whose facts or time are over,
 * ('invalid') for one that was changed or is of another environment.
 */
export async function applyAtDesk(
  world: PlanDeskWorld,
  plan: FailoverPlan,
): Promise<{ readonly id: string; readonly started: boolean }> {
  const { policy, places, clock, actor, previews } = world
  demand(actor, 'start-runbooks')
  const id = runOf(plan)
  if (plan.environment !== policy.environment)
    throw new PortError(
      'invalid',
      'PLAN_FOREIGN',
      `the plan is one of '${plan.environment}', not of '${policy.environment}'`,
    )
  if (!(await loadRun<MoveInput>(places.recovery, id))) {
    requireUsable(plan, clock.now())
    const fresh = dryRun(world, plan)
    const seen = await previewSteps(regionFailover, previews, fresh, isFactual)
    const changed = changedFacts(plan.facts, factsOf(fresh.input, contentHash(policy), seen))
    if (changed.length > 0)
      throw new PortError('conflict', 'PLAN_STALE', `${changed.map(toldOf).join('; ')}; make a new plan`)
  }
  const { incident, reasonCode, hash } = plan
  const wanted = { id, runbook: 'region-failover', mode: 'real', incident, reasonCode } as const
  const { started } = await startRun(world, wanted, hash)
  return { id, started }
}

/** One run a plan, whoever applies it and how often. */
const runOf = ({ hash }: FailoverPlan): string => `plan-${hash.slice(0, 16)}`

const toldOf = ({ name, planned, now }: ChangedFact): string =>
  `${name} was ${planned ?? 'nothing'} and is ${now ?? 'nothing'}`

function dryRun(
  { policy, clock, actor, instances }: PlanDeskWorld,
  { incident, reasonCode }: WantedPlan,
): RunState<MoveInput> {
  const input = resolveMoveInput(policy, {
    incidentId: incident,
    reasonCode,
    writer: instances.primary,
    successor: instances.replica,
    operation: 'approval',
  })
  return newRun(
    regionFailover,
    { runId: `plan-${incident}`, mode: 'dry-run', startedBy: actor.person, input },
    clock.now(),
  )
}
