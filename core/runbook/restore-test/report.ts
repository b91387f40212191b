import type { RestoreTestStep } from './input'
import { testStep } from './test-step'
import { RESTORE_BESIDE } from '../steps/restore-beside'

/** Leaves the evidence of the test. A copy that was not proven, or not removed, is a failed test. */
export const report: RestoreTestStep = {
  ...testStep,
  id: 'report',
  title: 'Record the evidence',
  byHand: 'Write down what was restored, how long it took, what each check said, and that the copy is gone.',
  privilege: 'report',
  attempts: 5,
  begin: async ({ ports, input, run, outputs, key }) => {
    const examined = run.steps['examine']
    const failed = [RESTORE_BESIDE, 'examine', 'remove'].find((id) => run.steps[id]?.status !== 'done')
    const record = await ports.evidence.append({
      key,
      kind: 'restore-test',
      subject: run.runbook,
      startedAt: run.startedAt,
      finishedAt: ports.clock.now().toISOString(),
      outcome: failed ? 'failed' : 'succeeded',
      measurements: {
        mode: run.mode,
        reason: input.reasonCode,
        target: outputs['choose'] ?? null,
        examined: examined?.output ?? null,
        code: failed ? ((run.stoppedBy ?? run.steps[failed]?.failure)?.code ?? 'NOT_REACHED') : 'ALL_CHECKS_PASSED',
        instance: input.successor.instance,
        removed: outputs['remove'] !== undefined,
      },
      artefacts: [],
      controls: ['RESTORE-TESTED'],
      actor: run.startedBy,
    })
    if (failed && !run.stoppedBy) return { kind: 'failed', code: 'NOT_PROVEN', detail: { evidence: record.id } }
    return { kind: 'done', output: { evidence: record.id, sequence: record.sequence, hash: record.hash } }
  },
  preview: async () => ({ wouldRecord: true }),
  undo: { none: 'evidence is never removed' },
  always: true,
}
