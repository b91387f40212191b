import { z } from 'zod'
import { atMost, exactly, verdictOf, type DrillResult, type Objective } from '../measurement'
import { stepsOfRun } from '../measurement/steps-of-run'
import { continuationOf, type Continuation } from '../runbook/continuation'
import type { Runbook, RunState } from '../runbook/model'
import type { RollbackInput } from '../runbook/rollback/input'

/** How a rollback ended, for whoever started it: against its budget, with what is left to do. */
export interface RollbackResult {
  readonly run: string
  readonly environment: string
  readonly type: RollbackInput['wanted']['type']
  readonly incident: string
  readonly outcome: RunState['outcome']
  readonly verdict: DrillResult['verdict']
  readonly startedAt: string
  /** From the start of the run until everything served; null where it never did. */
  readonly seconds: number | null
  readonly budgetSeconds: number
  readonly objectives: readonly Objective[]
  readonly releases: { readonly from: number | null; readonly to: number | null; readonly recorded: number | null }
  readonly changes: readonly { readonly name: string; readonly from: string | null; readonly to: string }[]
  readonly setAside: readonly {
    readonly table: string
    readonly rows: number
    readonly how: string
    readonly where: string
  }[]
  readonly steps: DrillResult['steps']
  readonly stoppedBy?: RunState['stoppedBy']
  /** How to go on with a run that stopped. */
  readonly continuation?: Continuation
  readonly evidence?: { readonly id: string; readonly sequence: number; readonly hash: string }
}

const change = z.object({ name: z.string(), from: z.string().nullable(), to: z.string() })
const planned = z.object({ from: z.number().nullable(), to: z.number(), changes: z.array(change) })
const judged = z.object({ verdict: z.string() })
const recorded = z.object({ sequence: z.number() })
const setAside = z.object({
  tables: z.array(z.object({ table: z.string(), rows: z.number(), how: z.string(), where: z.string() })),
})
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
  const objectives = [
    atMost('from the start of the run until everything serves, seconds', input.budgetSeconds, seconds),
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
    setAside: of('list-set-aside', setAside)?.tables ?? [],
    steps: stepsOfRun(runbook, run),
    ...(stoppedBy && { stoppedBy }),
    ...(outcome === 'stopped' && { continuation: continuationOf(runbook, run) }),
    ...(report && { evidence: { id: report.evidence, sequence: report.sequence, hash: report.hash } }),
  }
}
