import * as z from 'zod/mini'
import { demand } from '../../access/demand'
import { changeIncident, openIncident, openIncidents, type Incident } from '../../coordination/incidents'
import { inEither } from '../../coordination/places'
import { loadRun } from '../../coordination/run-journal'
import { RESPONSES } from '../../detection/scenarios'
import { contentHash } from '../../evidence/hash'
import { screenWords } from '../../evidence/screen'
import type { OperatorWorld } from '../../operator'
import { isPortError, PortError } from '../../ports/errors'
import { deployedIn, type ReleaseDeskWorld } from '../../release/release-desk'
import { planDigest } from '../../release/rollback-plan'
import { rollbackResultOf, type RollbackResult } from '../../release/rollback-result'
import type { WantedRollback } from '../../release/wanted-rollback'
import type { RunState } from '../model'
import { journaled, startRun, type RunDeskWorld } from '../run-desk'
import { STARTS } from '../starts'
import { rollback } from '.'
import { obstaclesTold } from './assess'
import type { RollbackInput } from './input'
import { planNow } from './planned'

export type RollbackDeskWorld = RunDeskWorld & Pick<ReleaseDeskWorld, 'deployments'>

const onRecord = z.object({ sequence: z.int(), tag: z.string(), health: z.string() })
const shownChange = z.object({
  name: z.string(),
  from: z.nullable(z.string()),
  to: z.string(),
  seconds: z.number(),
  because: z.optional(z.array(z.string())),
})
const shownObstacle = z.object({
  component: z.string(),
  code: z.string(),
  what: z.string(),
  choices: z.optional(z.array(z.string())),
})

/** A plan as a person reads it: what would be put back, in its order, and what stands in the way. */
export const shownRollbackSchema = z.object({
  digest: z.string(),
  plan: z.object({
    environment: z.string(),
    type: z.string(),
    from: z.nullable(onRecord),
    to: onRecord,
    changes: z.array(shownChange),
    staying: z.array(z.string()),
    obstacles: z.array(shownObstacle),
    expectedSeconds: z.number(),
    longestSeconds: z.number(),
    budgetSeconds: z.number(),
  }),
})
export type ShownRollback = z.infer<typeof shownRollbackSchema>

/** One code for all of them: what exactly was wrong stands in the incident. */
const REASON_CODE = 'BAD_RELEASE'

/**
 * Looks at what a rollback would do now, where the platform is deployed, and changes nothing. Throws PortError('conflict') where
 * nothing can be put back.
 */
export async function planRollbackAtDesk(world: RollbackDeskWorld, wanted: WantedRollback): Promise<ShownRollback> {
  const { policy, places, actor, instances } = world
  demand(actor, 'start-runbooks')
  const input = STARTS.rollback.input(policy, instances, {
    incidentId: 'none-yet',
    reasonCode: REASON_CODE,
    operation: 'approval',
    rollback: wanted,
  })
  const plan = await planNow({ ports: { deployments: deployedIn(world), coordination: places }, input })
  return shownRollbackSchema.parse({
    digest: planDigest(plan),
    plan: { ...plan, obstacles: obstaclesTold(plan) },
  })
}

export interface WantedApply {
  readonly wanted: WantedRollback
  /** Of the plan that was shown. */
  readonly digest: string
  /** In words, for the incident alone. */
  readonly reason: string
}

/**
 * Starts the rollback of a plan, if the platform is still as it was planned on, and puts its reason into the incident it
 * answers: the one of a bad release that stands open, or a new one. The same plan again drives on the run that it started,
 * also when another person asks.
 * Throws PortError('conflict') for a plan that is stale, or that something stands in the way of, ('invalid') for a reason that
 * seems to name somebody.
 */
export async function applyRollbackAtDesk(
  world: RollbackDeskWorld,
  { wanted, digest, reason }: WantedApply,
): Promise<{ readonly id: string; readonly incident: string; readonly started: boolean }> {
  const { evidence, clock, actor } = world
  demand(actor, 'start-runbooks')
  screenReason(reason)
  const run = await runOf(world, digest)
  if (!run.isUnderWay) await requireCurrent(world, wanted, digest)
  const incident = run.incident ?? (await incidentOf(world, reason, digest))
  const { started } = await startRun(
    world,
    { id: run.id, runbook: 'rollback', mode: 'real', incident, reasonCode: REASON_CODE, rollback: wanted },
    digest,
  )
  const now = clock.now().toISOString()
  await evidence.append({
    key: `rollback-applied/${run.id}/${actor.person}`,
    kind: 'rollback-applied',
    subject: 'rollback',
    startedAt: now,
    finishedAt: now,
    outcome: 'succeeded',
    measurements: { run: run.id, incident, plan: digest, reason: REASON_CODE, reasonHash: contentHash(reason) },
    artefacts: [],
    controls: [],
    actor: `person-${actor.person}`,
  })
  return { id: run.id, incident, started }
}

/**
 * How a rollback ended, for whoever may see it: the same as where it is driven, so that its report can be written anywhere. Throws
 * PortError('conflict') for a run that is unknown or still under way, ('invalid') for one of another runbook.
 */
export async function rollbackResultAtDesk(world: OperatorWorld, id: string): Promise<RollbackResult> {
  demand(world.actor, 'see-state')
  const run = await journaled(world, id)
  if (run.runbook !== rollback.name)
    throw new PortError('invalid', 'RUN_OTHER', `'${id}' is a run of '${run.runbook}', and no rollback`)
  if (run.outcome === 'running')
    throw new PortError('conflict', 'RUN_UNDER_WAY', `'${id}' has not ended yet; see how it stands`)
  return rollbackResultOf(rollback, run as RunState<RollbackInput>)
}

/** Throws PortError('invalid') for a reason that is none, or that seems to hold who was concerned. */
export function screenReason(reason: string): void {
  if (reason.trim() === '') throw new PortError('invalid', 'REASON_MISSING', 'the reason is empty; say what is wrong')
  try {
    screenWords({ reason }, 'reason')
  } catch (error) {
    if (!isPortError(error)) throw error
    throw new PortError(
      'invalid',
      'REASON_PERSONAL_DATA',
      'the reason seems to hold data of a person; say what is wrong, and nobody it happened to',
      { cause: error },
    )
  }
}

async function requireCurrent(world: RollbackDeskWorld, wanted: WantedRollback, digest: string): Promise<void> {
  const now = await planRollbackAtDesk(world, wanted)
  if (now.digest !== digest)
    throw new PortError('conflict', 'PLAN_STALE', 'the platform is not as it was planned on; look at a new plan')
  const [obstacle] = now.plan.obstacles
  if (obstacle)
    throw new PortError(
      'conflict',
      obstacle.code,
      `'${obstacle.component}' cannot be put back: ${obstacle.what}; nothing was changed`,
    )
}

interface PlannedRun {
  readonly id: string
  readonly isUnderWay: boolean
  readonly incident?: string
}

/** The run that goes on with a plan, or a new one: what has stopped is over, and the platform may be the same again. */
async function runOf({ places }: RollbackDeskWorld, digest: string): Promise<PlannedRun> {
  for (let nth = 1; ; nth += 1) {
    const id = `rollback-${digest.slice(0, 12)}${nth === 1 ? '' : `-${nth}`}`
    const run = await loadRun<RollbackInput>(places.recovery, id)
    if (!run) return { id, isUnderWay: false }
    if (run.outcome === 'running') return { id, isUnderWay: true, incident: run.input.incidentId }
  }
}

async function incidentOf(
  { places, clock, actor }: RollbackDeskWorld,
  reason: string,
  digest: string,
): Promise<string> {
  return inEither(places, async (store) => {
    const standing = (await openIncidents(store)).find(({ scenario }) => scenario === 'deployment-failure')
    if (standing) {
      await changeIncident(store, standing.id, (incident: Incident) =>
        incident.reason === undefined ? { ...incident, reason } : undefined,
      )
      return standing.id
    }
    const { severity, byHand } = RESPONSES['deployment-failure']
    const opened = await openIncident(store, {
      id: `bad-release-${digest.slice(0, 12)}`,
      scenario: 'deployment-failure',
      severity,
      reasonCode: REASON_CODE,
      reason,
      guide: byHand,
      openedBy: `person-${actor.person}`,
      openedAt: clock.now().toISOString(),
    })
    return opened.id
  })
}
