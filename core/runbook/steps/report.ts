import type { Json } from '../../json'
import type { EvidenceDraft } from '../../ports/evidence-log'
import type { RunState, StepContext, StepState } from '../model'
import { ordinary, type MoveStep, type MoveInput } from './input'
import { RECORDING, recordRun } from './record-run'

/** What a runbook's own record holds besides. */
interface Own {
  readonly measurements: Readonly<Record<string, Json>>
  readonly artefacts: EvidenceDraft['artefacts']
}

/** Leaves the one evidence record of this run, also when it stopped. */
export const reportWith = (own: (context: StepContext<MoveInput>) => Own): MoveStep => ({
  ...ordinary,
  ...RECORDING,
  byHand: 'Write down when each step began and ended, how the old writer was fenced, and what the validation said.',
  begin: async (context) => {
    const { measurements, artefacts } = own(context)
    const { run } = context
    const output = await recordRun(context, {
      kind: 'runbook',
      outcome: run.stoppedBy ? 'stopped' : 'succeeded',
      measurements: { ...measured(run), ...measurements },
      artefacts,
      controls: ['RTO-CRITICAL-SERVICES', 'SINGLE-WRITER', ...(hasReplayed(run) ? ['ERASURE-LEDGER'] : [])],
    })
    return { kind: 'done', output }
  },
})

/** A control is named by what the run has done for it: a standby holds its erasures, and a run that stopped early replayed none. */
const hasReplayed = ({ steps }: RunState<MoveInput>): boolean => (steps['replay-ledger']?.attempt ?? 0) > 0

export const report: MoveStep = reportWith(() => ({ measurements: {}, artefacts: [] }))

function measured(run: RunState<MoveInput>): Record<string, Json> {
  const steps = Object.entries(run.steps).map(([id, step]): [string, Json] => [
    id,
    { status: step.status, attempts: step.attempt, seconds: secondsOf(step), code: step.failure?.code ?? null },
  ])
  const fence = run.steps['fence']?.output as { method?: string } | undefined
  return {
    mode: run.mode,
    incident: run.input.incidentId,
    reason: run.input.reasonCode,
    ...(run.input.planHash && { plan: run.input.planHash }),
    fencing: fence?.method ?? null,
    steps: Object.fromEntries(steps),
    stoppedBy: run.stoppedBy ?? null,
  }
}

const secondsOf = ({ startedAt, finishedAt }: StepState): number | null =>
  startedAt && finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 : null
