import type { Json } from '../../json'
import type { RunState, StepState } from '../model'
import { RECORDING, recordRun } from '../steps/record-run'
import { usual, type RollbackInput, type RollbackStep } from './input'
import type { CarriedPlan } from './planned'

/** Leaves the one evidence record of this run, also when it stopped, with how long it took against its budget. */
export const report: RollbackStep = {
  ...usual,
  ...RECORDING,
  byHand:
    'Write down which components were put back and to which release, who approved, how long the platform was down against the budget, what was set aside, and what is left to do.',
  begin: async (context) => {
    const { run } = context
    const output = await recordRun(context, {
      kind: 'runbook',
      outcome: run.stoppedBy ? 'stopped' : 'succeeded',
      measurements: measurements(run),
      artefacts: [],
      controls: ['RELEASE-ROLLBACK'],
    })
    return { kind: 'done', output }
  },
}

function measurements(run: RunState<RollbackInput>): Record<string, Json> {
  const { input, steps } = run
  const of = (step: string): Json => (steps[step]?.status === 'done' ? (steps[step].output ?? null) : null)
  const plan = of('assess') as unknown as CarriedPlan | null
  return {
    mode: run.mode,
    incident: input.incidentId,
    reason: input.reasonCode,
    type: input.wanted.type,
    plan: plan?.digest ?? input.planHash ?? null,
    releases: { from: plan?.from ?? null, to: plan?.to ?? null, recorded: sequenceIn(of('record-release')) },
    components: plan?.changes.map(({ name }) => name) ?? [],
    staying: plan?.staying ?? [],
    approval: of('approve'),
    recoveryPoint: of('recovery-point'),
    budget: budgetOf(run),
    validation: of('validate'),
    compliance: of('validate-compliance'),
    setAside: of('list-set-aside'),
    undo:
      steps['put-back']?.status === 'undone' || steps['put-back']?.status === 'undo-failed'
        ? steps['put-back'].status
        : null,
    failed: detailOf(run),
    steps: Object.fromEntries(
      Object.entries(steps).map(([id, step]): [string, Json] => [
        id,
        { status: step.status, seconds: secondsOf(step), code: step.failure?.code ?? null },
      ]),
    ),
    stoppedBy: run.stoppedBy ?? null,
  }
}

const sequenceIn = (recorded: Json): number | null =>
  (recorded as { readonly sequence: number } | null)?.sequence ?? null

/**
 * The clock of the budget starts when the run is applied and ends when the whole platform serves. How long people took to
 * approve is part of it, and told apart.
 */
function budgetOf({ input, startedAt, steps }: RunState<RollbackInput>): Json {
  const end = steps['verify']?.status === 'done' ? steps['verify'].finishedAt : undefined
  const seconds = end === undefined ? null : (Date.parse(end) - Date.parse(startedAt)) / 1000
  const { approve, assess } = steps
  const approvedSeconds =
    approve?.finishedAt && assess?.finishedAt
      ? (Date.parse(approve.finishedAt) - Date.parse(assess.finishedAt)) / 1000
      : null
  return {
    limitSeconds: input.budgetSeconds,
    seconds,
    approvalSeconds: approvedSeconds,
    within: seconds === null ? null : seconds <= input.budgetSeconds,
  }
}

/** Which component the run could not put back. */
const detailOf = ({ stoppedBy, steps }: RunState): Json => (stoppedBy ? (steps[stoppedBy.step]?.output ?? null) : null)

const secondsOf = ({ startedAt, finishedAt }: StepState): number | null =>
  startedAt && finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 : null
