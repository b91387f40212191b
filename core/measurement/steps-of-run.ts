import type { Runbook, RunState } from '../runbook/model'
import type { DrillResult } from './drill-result'

/** The steps of a run as results tell them, with what the runbook calls each. */
export const stepsOfRun = (
  { steps: known }: Pick<Runbook<never>, 'steps'>,
  { steps }: RunState,
): DrillResult['steps'] =>
  Object.entries(steps).map(([name, step]) => ({
    name,
    title: known.find(({ id }) => id === name)?.title ?? name,
    outcome: step.status,
    attempts: step.attempt,
    startedAt: step.startedAt ?? null,
    seconds:
      step.startedAt && step.finishedAt ? (Date.parse(step.finishedAt) - Date.parse(step.startedAt)) / 1000 : null,
  }))
