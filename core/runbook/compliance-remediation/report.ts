import { kindOf } from '../../compliance/finding-kinds'
import { referenceOf, type Finding } from '../../compliance/find'
import type { Json } from '../../json'
import type { RunState } from '../model'
import { RECORDING, recordRun } from '../steps/record-run'
import { findingsOf, usual, type RemediationInput, type RemediationStep } from './input'

/** Leaves the one evidence record of this run, also when it stopped or had nothing to do. */
export const report: RemediationStep = {
  ...usual,
  ...RECORDING,
  byHand:
    'Write down what was found and confirmed, who approved, what was done, what the validation said, and which revision and training followed.',
  begin: async (context) => {
    const { run } = context
    const findings = findingsOf(context)
    const output = await recordRun(context, {
      kind: 'runbook',
      outcome: run.stoppedBy ? 'stopped' : 'succeeded',
      measurements: measurements(run, findings),
      artefacts: [],
      controls: [...new Set(findings.flatMap(({ code }) => kindOf(code).requirements))].toSorted(),
    })
    return { kind: 'done', output }
  },
}

function measurements(run: RunState<RemediationInput>, findings: readonly Finding[]): Record<string, Json> {
  const of = (step: string): Json => (run.steps[step]?.status === 'done' ? (run.steps[step].output ?? null) : null)
  const confirmed = of('identify') as { readonly confirmed: readonly number[]; readonly left?: number } | null
  return {
    mode: run.mode,
    incident: run.input.incidentId,
    reason: run.input.reasonCode,
    findings: findings.map(({ code, declared }, at) => ({
      code,
      resource: referenceOf(declared),
      confirmed: confirmed?.confirmed.includes(at) ?? null,
    })),
    leftForFurtherRuns: confirmed?.left ?? 0,
    nothingToDo: confirmed?.confirmed.length === 0,
    approval: of('approve'),
    validation: of('validate'),
    procedure: of('update-procedure'),
    training: of('train'),
    stoppedBy: run.stoppedBy ?? null,
  }
}
