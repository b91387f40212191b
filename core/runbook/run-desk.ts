import { z } from 'zod'
import { demand } from '../access/demand'
import { answerApproval, askedUnder, decisionOn, type Approval, type Decision } from '../coordination/approvals'
import { incidentUnder } from '../coordination/incidents'
import { inEither } from '../coordination/places'
import { enterRun, loadRun } from '../coordination/run-journal'
import { contentHash } from '../evidence/hash'
import { screenDraft } from '../evidence/screen'
import type { Actor, OperatorWorld } from '../operator'
import type { Policy } from '../policy'
import { PortError } from '../ports/errors'
import { wantedRollbackSchema } from '../release/wanted-rollback'
import type { EvidenceDraft } from '../ports/evidence-log'
import type { RunbookMachines } from '../ports/runbook-machines'
import { continuationOf, type Continuation } from './continuation'
import { approvalKey, type RunState } from './model'
import { newRun } from './reducer'
import { runbookNamed } from './runbooks'
import { restoreTarget } from './restore-target'
import { STARTS, type DeclaredInstances, type StartedInput, type StartedRunbook } from './starts'

export interface RunDeskWorld extends OperatorWorld {
  readonly machines: RunbookMachines
  readonly instances: DeclaredInstances
}

/** Runbooks that a machine executes, and so the ones that can be started here. */
export const STARTED_AT_DESK = Object.keys(STARTS) as readonly StartedRunbook[]
/** A drill works on throw-away copies, which only the local world has. */
export const MODES_AT_DESK = ['dry-run', 'real'] as const

const wantedSchema = z.strictObject({
  /** Part of the name of its executions; Step Functions takes no more than these characters everywhere. */
  id: z.string().regex(/^[\w-]{1,64}$/),
  runbook: z.enum(STARTED_AT_DESK),
  mode: z.enum(MODES_AT_DESK),
  incident: z.string().regex(/^[\w-]{1,80}$/),
  reasonCode: z.string().regex(/^[A-Z][A-Z0-9_]{2,60}$/),
  /** What a restore returns to. */
  target: z.optional(restoreTarget),
  /** Region whose account is put right. */
  region: z.enum(['primary', 'recovery']).optional(),
  /** What a rollback puts back. */
  rollback: z.optional(wantedRollbackSchema),
})
export type WantedRun = z.infer<typeof wantedSchema>

/** A question that a run waits with, and how it stands. */
export interface OpenQuestion extends Pick<Approval, 'kind' | 'question' | 'expiresAt'> {
  readonly step: string
  readonly approvals: number
  readonly decision: Decision['kind']
}

export interface RunStatus {
  readonly id: string
  readonly runbook: string
  readonly mode: RunState['mode']
  readonly startedAt: string
  readonly outcome: RunState['outcome']
  readonly at: string
  readonly stoppedBy?: RunState['stoppedBy']
  readonly steps: readonly { readonly step: string; readonly status: string; readonly code?: string }[]
  readonly waitsFor?: OpenQuestion
  /** How to go on with a run that stopped. */
  readonly continuation?: Continuation
}

/**
 * Starts a runbook for a person. The whole run is made here from the policy, so that nobody chooses its numbers, who
 * started it, or what was approved; a real one asks a second person before it changes anything, whatever the policy says of
 * runs that a machine starts. The same request again drives on what has not come to its end, in case that its execution died:
 * where that one lives, the journal lets only one of the two go on. Of a run that follows a plan any such person may ask so; it stays
 * the run of whoever began it. A machine of another region is started there, which needs
 * that region; where it does not answer, the run is journaled and waits for the same request again. Throws PortError('denied') for whoever may not start one,
 * ('invalid') for what is not in form, ('conflict') where the id stands for another run or nothing would drive this one.
 */
export async function startRun(
  world: RunDeskWorld,
  wanted: WantedRun,
  planHash?: string,
): Promise<{ readonly id: string; readonly mode: RunState['mode']; readonly started: boolean }> {
  const { policy, places, evidence, clock, actor, machines, instances } = world
  demand(actor, 'start-runbooks')
  const { id, mode, runbook, incident, reasonCode, target, region, rollback } = formOf(wanted)
  const now = clock.now()
  const resolved = STARTS[runbook].input(policy, instances, {
    incidentId: incident,
    reasonCode,
    operation: mode === 'real' ? 'approval' : policy.failover.operation,
    ...(STARTS_A_TERM.has(runbook) && { knownAt: (await openedAt(world, incident)) ?? now.toISOString() }),
    ...(target && { target }),
    ...(region && { region: regionOf(policy, region) }),
    ...(rollback && { rollback }),
  })
  if (!machines.has(runbook, resolved.region))
    throw new PortError('invalid', 'MACHINE_MISSING', `no machine in ${resolved.region} executes '${runbook}'`)
  const input = { ...resolved, ...(planHash && { planHash }) }
  const fresh = newRun<StartedInput>(runbookNamed(runbook), { runId: id, mode, startedBy: actor.person, input }, now)
  // Before anything is stored: what may not stand in evidence may not stand here.
  screenDraft(draftOf('started', fresh, actor, now))
  const run = mode === 'dry-run' ? fresh : await enterRun(places.recovery, fresh)
  // What follows a plan by its hash is the same whoever drives it on: its person may be gone when it has to go on.
  if (!isSame(run, fresh) || (planHash === undefined && run.startedBy !== fresh.startedBy))
    throw new PortError('conflict', 'RUN_ID_TAKEN', `another run stands as '${id}'; use a new id`)
  // Evidence first: a run that nobody can be named for would be nobody's.
  await evidence.append(draftOf('started', run, actor, new Date(run.startedAt)))
  if (run.outcome !== 'running') return { id, mode, started: false }
  const answer = await machines.start(runbook, run, executionOf(run))
  // A name that is taken for good would leave a real run to nobody, and its person in the belief that it goes on.
  if (answer === 'already-started' && mode === 'real' && (await isWhereItStood(world, run)))
    throw new PortError(
      'conflict',
      'RUN_ID_TAKEN',
      `an execution of '${id}' has ended and left the run where it stood; use a new id`,
    )
  return { id, mode, started: answer === 'started' }
}

/** Runbooks from whose incident a term of the law runs. */
const STARTS_A_TERM: ReadonlySet<StartedRunbook> = new Set(['isolate-and-recover'])

/** When the incident was opened; undefined where no place tells, or knows of none. */
const openedAt = ({ places }: OperatorWorld, incident: string): Promise<string | undefined> =>
  inEither(places, async (store) => (await incidentUnder(store, incident))?.openedAt).catch(() => undefined)

/** Throws PortError('invalid') for a region that the topology does not have. */
function regionOf({ topology }: Policy, role: 'primary' | 'recovery'): string {
  const region = (topology.regions as Partial<Record<typeof role, string>>)[role]
  if (region) return region
  throw new PortError('invalid', 'REGION_MISSING', `the topology '${topology.preset}' has no ${role} region`)
}

/**
 * The name of the execution that drives a run on from where it stands. Names are taken for 90 days, also by what has ended,
 * and the intake plans under the bare id of an incident: a plan, a dry run and a real run under one id go past each other.
 * At most 80 characters: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export const executionOf = ({ runId, mode, revision }: Pick<RunState, 'runId' | 'mode' | 'revision'>): string =>
  revision <= FIRST_REVISION ? `${mode}-${runId}` : `again-${revision}-${runId}`

/** Of a run that was entered in the journal and that nothing has driven yet. */
const FIRST_REVISION = 1

const isWhereItStood = async ({ places }: OperatorWorld, { runId, revision }: RunState<StartedInput>) =>
  (await loadRun<StartedInput>(places.recovery, runId))?.revision === revision

/**
 * Records one person's answer to what a step of a run asks. The step is named, so that an answer never goes to a question
 * that its author has not seen. The same answer again completes its evidence, also when the run has gone on since. Throws
 * PortError('denied') for whoever may not approve, or who started the run.
 */
export async function answerRun(
  world: OperatorWorld,
  answer: { readonly id: string; readonly step: string; readonly approve: boolean },
): Promise<Decision> {
  const { places, evidence, clock, actor } = world
  demand(actor, 'approve')
  const run = await journaled(world, answer.id)
  const asked = run.steps[answer.step]
  if (!asked?.approval)
    throw new PortError(
      'conflict',
      'RUN_ASKS_NOTHING',
      `step '${answer.step}' of run '${answer.id}' has asked nothing so far`,
    )
  const now = clock.now()
  const decision = await answerApproval(
    places.recovery,
    approvalKey(run.runId, answer.step),
    { by: actor.person, approve: answer.approve },
    now,
  )
  await evidence.append({
    ...draftOf(answer.approve ? 'approved' : 'declined', run, actor, now),
    key: `run-${answer.approve ? 'approved' : 'declined'}/${run.mode}/${run.runId}/${answer.step}/${actor.person}`,
  })
  return decision
}

/** How a run stands and what it waits for, for whoever may see it. */
export async function runStatus(world: OperatorWorld, id: string): Promise<RunStatus> {
  demand(world.actor, 'see-state')
  const run = await journaled(world, id)
  const { runbook, mode, startedAt, outcome, cursor, stoppedBy, steps } = run
  const continuation = outcome === 'stopped' ? continuationOf(runbookNamed(runbook), run) : undefined
  const waiting = Object.entries(steps).find(([, { status }]) => status === 'awaiting-approval')
  return {
    id,
    runbook,
    mode,
    startedAt,
    outcome,
    at: cursor.state,
    ...(stoppedBy && { stoppedBy }),
    steps: Object.entries(steps).map(([step, { status, failure }]) => ({
      step,
      status,
      ...(failure && { code: failure.code }),
    })),
    ...(waiting?.[1].approval && { waitsFor: await questionOf(world, waiting[0], approvalKey(id, waiting[0])) }),
    ...(continuation && { continuation }),
  }
}

async function questionOf({ places, clock }: OperatorWorld, step: string, key: string): Promise<OpenQuestion> {
  const { kind, question, expiresAt, approvedBy } = await askedUnder(places.recovery, key)
  const decision = await decisionOn(places.recovery, key, clock.now())
  return { step, kind, question, expiresAt, approvals: approvedBy.length, decision: decision.kind }
}

/** A run that was started here. Throws PortError('conflict') where the journal holds none of that id. */
export async function journaled(
  { places }: Pick<OperatorWorld, 'places'>,
  id: string,
): Promise<RunState<StartedInput>> {
  const run = await loadRun<StartedInput>(places.recovery, id)
  if (run) return run
  throw new PortError(
    'conflict',
    'RUN_UNKNOWN',
    `no run was started as '${id}'; a dry run leaves no trace but its execution`,
  )
}

/** Whether a journaled run is what is asked for again: by the same person, for the same reason. */
const isSame = (run: RunState<StartedInput>, fresh: RunState<StartedInput>): boolean =>
  run.runbook === fresh.runbook &&
  run.mode === fresh.mode &&
  run.input.incidentId === fresh.input.incidentId &&
  run.input.reasonCode === fresh.input.reasonCode &&
  run.input.region === fresh.input.region &&
  run.input.planHash === fresh.input.planHash &&
  contentHash(run.input.wanted ?? null) === contentHash(fresh.input.wanted ?? null) &&
  contentHash(run.input.target ?? null) === contentHash(fresh.input.target ?? null)

function formOf(wanted: WantedRun): WantedRun {
  const parsed = wantedSchema.safeParse(wanted)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues.map(({ path }) => path.join('.')).join(', ')
  throw new PortError('invalid', 'RUN_FORM', `the run is not in form: ${where}; ids and codes only, no free text`)
}

const draftOf = (event: string, run: RunState<StartedInput>, actor: Actor, at: Date): EvidenceDraft => ({
  key: `run-${event}/${run.mode}/${run.runId}/${actor.person}`,
  kind: `run-${event}`,
  subject: run.runbook,
  startedAt: run.startedAt,
  finishedAt: at.toISOString(),
  outcome: event === 'declined' ? 'failed' : 'succeeded',
  measurements: {
    run: run.runId,
    mode: run.mode,
    incident: run.input.incidentId,
    reason: run.input.reasonCode,
    ...(run.input.planHash && { plan: run.input.planHash }),
    role: actor.role,
  },
  artefacts: [],
  controls: [],
  actor: `person-${actor.person}`,
})
