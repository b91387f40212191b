import { RESTORE_BESIDE } from '../steps/restore-beside'
import type { ActionResult, StepContext } from '../model'
import type { RestoreTestInput, RestoreTestStep } from './input'
import { testStep } from './test-step'

/** The copy holds what the database holds, so that it does not outlive its test; a look proves that it is gone. */
export const remove: RestoreTestStep = {
  ...testStep,
  id: 'remove',
  title: 'Remove the copy',
  byHand:
    'Delete the copy that this test made, without a final snapshot, and see that it is gone. Compare the name twice: nothing else may be deleted.',
  privilege: 'remove-copies',
  timeoutSeconds: (input) => input.examinationSeconds,
  attempts: 5,
  begin: async (context) => {
    await context.ports.copyRemoval.remove(context.input.successor, { restoreKey: restoreKeyOf(context) })
    return { kind: 'pending', handle: null }
  },
  poll: async ({ ports, input }): Promise<ActionResult> => {
    const left = await ports.inventory.describe(input.successor)
    return left ? { kind: 'pending', handle: null } : { kind: 'done', output: { removed: input.successor.instance } }
  },
  preview: async ({ input }) => ({ wouldRemove: input.successor.instance }),
  undo: { none: 'a test copy is never kept' },
}

/** Under which this run restored: what the removal may touch at all. */
const restoreKeyOf = ({ runId }: StepContext<RestoreTestInput>): string => `${runId}/${RESTORE_BESIDE}`
