import { RECORDING, recordRun } from '../steps/record-run'
import { RESTORE_BESIDE } from '../steps/restore-beside'
import type { RestoreTestStep } from './input'
import { testStep } from './test-step'

/** Leaves the evidence of the test. A copy that was not proven, or not removed, is a failed test. */
export const report: RestoreTestStep = {
  ...testStep,
  ...RECORDING,
  byHand: 'Write down what was restored, how long it took, what each check said, and that the copy is gone.',
  begin: async (context) => {
    const { input, run, outputs } = context
    const examined = run.steps['examine']
    const failed = [RESTORE_BESIDE, 'examine', 'remove'].find((id) => run.steps[id]?.status !== 'done')
    const output = await recordRun(context, {
      kind: 'restore-test',
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
    })
    if (failed && !run.stoppedBy) return { kind: 'failed', code: 'NOT_PROVEN', detail: { evidence: output.evidence } }
    return { kind: 'done', output }
  },
}
