import type { DrillResult } from '../core/measurement'
import { stepsOfRun } from '../core/measurement/steps-of-run'
import type { Runbook, RunState } from '../core/runbook/model'

/** A run of a runbook, with the runbook that says what its steps are called. */
export interface PlayedRun {
  readonly runbook: Pick<Runbook<never>, 'steps'>
  readonly run: RunState
}

/** The steps of a run as the result of a drill tells them. */
export const stepsOf = ({ runbook, run }: PlayedRun): DrillResult['steps'] => stepsOfRun(runbook, run)

/** The record that a run left of itself; none where it did not come to that. */
export function evidenceOf(run: RunState) {
  const said = run.steps['report']?.output as { evidence: string; sequence: number; hash: string } | undefined
  return said ? [{ id: said.evidence, sequence: said.sequence, hash: said.hash, artefacts: [] }] : []
}
