import { z } from 'zod'
import { atMost, drillResultSchema, exactly, verdictOf } from '../measurement'
import { stepsOfRun } from '../measurement/steps-of-run'
import { continuationOf, type Continuation } from '../runbook/continuation'
import type { Runbook, RunState } from '../runbook/model'
import type { RollbackInput } from '../runbook/rollback/input'
import { ROLLBACK_TYPES } from './wanted-rollback'

const change = z.object({ name: z.string(), from: z.string().nullable(), to: z.string() })
const tableSetAside = z.object({ table: z.string(), rows: z.number(), how: z.string(), where: z.string() })
const stopped = z.object({ step: z.string(), code: z.string() })
const continuation: z.ZodType<Continuation> = z.object({
  ...stopped.shape,
  direction: z.enum(['forward', 'start-over', 'undo-by-hand']),
  undone: z.array(z.string()),
  byHand: z.array(z.object({ step: z.string(), doThis: z.string() })),
})
/** Rows of all tables, of which the first few are named. */
const setAside = z.object({ rows: z.number(), tables: z.array(tableSetAside), more: z.number() })
/** How the platform stands where a run stopped. */
const left = z.object({
  /** `half-done`: the named components are perhaps not in force as they were, and the run could not see to it. */
  stands: z.enum(['as-before', 'half-done', 'put-back']),
  components: z.array(z.string()),
})
const { verdict, objectives: objectiveList, steps: stepList } = drillResultSchema.shape

/**
 * How a rollback ended, for whoever started it: against its budget, with what is left to do. Ids, codes, counts and names of
 * versions alone: neither who started or approved it, nor the words of its reason.
 */
export const rollbackResultSchema = z.object({
  run: z.string(),
  environment: z.string(),
  type: z.enum(ROLLBACK_TYPES),
  incident: z.string(),
  outcome: z.enum(['running', 'succeeded', 'stopped']),
  verdict,
  startedAt: z.string(),
  /** From the start of the run until everything served; null where it never did. */
  seconds: z.number().nullable(),
  budgetSeconds: z.number(),
  objectives: objectiveList,
  releases: z.object({ from: z.number().nullable(), to: z.number().nullable(), recorded: z.number().nullable() }),
  changes: z.array(change),
  /** Null where versions were left, and nobody has listed what they had no place for. */
  setAside: setAside.nullable(),
  steps: stepList,
  stoppedBy: stopped.optional(),
  /** What a run that stopped has changed. */
  left: left.optional(),
  /** How to go on with a run that stopped. */
  continuation: continuation.optional(),
  evidence: z.object({ id: z.string(), sequence: z.number(), hash: z.string() }).optional(),
})
export type RollbackResult = z.infer<typeof rollbackResultSchema>

const planned = z.object({ from: z.number().nullable(), to: z.number(), changes: z.array(change) })
const judged = z.object({ verdict: z.string() })
const recorded = z.object({ sequence: z.number() })
const NONE: z.infer<typeof setAside> = { rows: 0, tables: [], more: 0 }
const reported = z.object({ evidence: z.string(), sequence: z.number(), hash: z.string() })

/** Pure: everything is in the state of the run. */
export function rollbackResultOf(runbook: Runbook<RollbackInput>, run: RunState<RollbackInput>): RollbackResult {
  const { input, steps, outcome, stoppedBy } = run
  const of = <S extends z.ZodType>(step: string, schema: S): z.infer<S> | undefined =>
    steps[step]?.status === 'done' ? schema.parse(steps[step].output) : undefined
  const plan = of('assess', planned)
  const verified = steps['verify']?.status === 'done' ? steps['verify'].finishedAt : undefined
  const seconds = verified === undefined ? undefined : (Date.parse(verified) - Date.parse(run.startedAt)) / 1000
  const report = of('report', reported)
  const listed = of('list-set-aside', setAside)
  // Where everything went forward again, what had been set aside is back in its place.
  const isLeft = steps['put-back']?.status === 'done' || steps['put-back']?.status === 'undo-failed'
  const objectives = [
    atMost('from the start of the run until everything serves, seconds', input.budgetSeconds, seconds),
    exactly('list of what had no place', 'listed', listed && 'listed'),
    exactly('validation of the data', 'pass', of('validate', judged)?.verdict),
    exactly('the run', 'succeeded', outcome),
  ]
  return {
    run: run.runId,
    environment: input.environment,
    type: input.wanted.type,
    incident: input.incidentId,
    outcome,
    verdict: outcome === 'succeeded' ? verdictOf(objectives) : 'fail',
    startedAt: run.startedAt,
    seconds: seconds ?? null,
    budgetSeconds: input.budgetSeconds,
    objectives,
    releases: {
      from: plan?.from ?? null,
      to: plan?.to ?? null,
      recorded: of('record-release', recorded)?.sequence ?? null,
    },
    changes: plan?.changes ?? [],
    setAside: listed ?? (isLeft ? null : NONE),
    steps: stepsOfRun(runbook, run),
    ...(stoppedBy && { stoppedBy, left: leftBy(run, plan?.changes ?? []) }),
    ...(outcome === 'stopped' && { continuation: goingOn(continuationOf(runbook, run)) }),
    ...(report && { evidence: { id: report.evidence, sequence: report.sequence, hash: report.hash } }),
  }
}

/** First of all, nobody may undo by hand what another run is about. */
const goingOn = (known: Continuation | undefined): Continuation | undefined =>
  known?.code === 'LEASE_LOST' ? { ...known, byHand: [LEAVE_IT, ...known.byHand] } : known

const LEAVE_IT = {
  step: 'lease',
  doThis:
    'Another rollback has taken over. Leave the platform to it until it has ended, then look at a new plan, which puts right what is still half done. Go on below only where that run is dead and no new one can begin.',
}

const reached = z.object({ putBack: z.number() })

/** Which components a run has changed, as its state tells: of one that failed by itself, every one may be another. */
function leftBy({ steps }: RunState, changes: readonly z.infer<typeof change>[]): z.infer<typeof left> {
  const names = changes.map(({ name }) => name)
  const { status, output } = steps['put-back'] ?? {}
  if (status === 'done') return { stands: 'put-back', components: names }
  if (status !== 'undo-failed') return { stands: 'as-before', components: [] }
  const at = reached.safeParse(output)
  return { stands: 'half-done', components: at.success ? names.slice(0, at.data.putBack + 1) : names }
}
