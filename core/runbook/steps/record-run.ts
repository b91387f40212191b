import type { Json } from '../../json'
import type { EvidenceDraft } from '../../ports/evidence-log'
import type { BaseInput, StepContext } from '../model'

/** What a runbook says of a run besides who made it and when. */
export type RunRecord = Pick<EvidenceDraft, 'kind' | 'outcome' | 'measurements' | 'artefacts' | 'controls'>

/** The last step of every runbook, which leaves its one record, also when the run stopped. */
export const RECORDING = {
  id: 'report',
  title: 'Record the evidence',
  privilege: 'report',
  attempts: 5,
  preview: async (): Promise<Json> => ({ wouldRecord: true }),
  undo: { none: 'evidence is never removed' },
  always: true,
} as const

/** Appends the record of a run, and tells where it stands; repeated under the key of the step it makes no second one. */
export async function recordRun<Input extends BaseInput>(
  { ports, run, key }: Pick<StepContext<Input>, 'ports' | 'run' | 'key'>,
  record: RunRecord,
): Promise<{ readonly evidence: string; readonly sequence: number; readonly hash: string }> {
  const { id, sequence, hash } = await ports.evidence.append({
    ...record,
    key,
    subject: run.runbook,
    startedAt: run.startedAt,
    finishedAt: ports.clock.now().toISOString(),
    actor: run.startedBy,
  })
  ports.reporter.emit({ code: 'RUNBOOK_EVIDENCE', text: `evidence ${id}`, data: { run: run.runId, hash } })
  return { evidence: id, sequence, hash }
}
