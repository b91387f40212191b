import { RESTORE_BESIDE } from '../steps/restore-beside'
import type { ActionResult, StepContext } from '../model'
import type { RestoreTestInput, RestoreTestStep } from './input'
import { testStep } from './test-step'

/** Of the time that the step may take: how long a request that nobody answered may still arrive. */
const LATE_SHARE = 0.5

/**
 * The copy holds what the database holds, so that it does not outlive its test; a look proves that it is gone. After a restore
 * that nobody answered one look proves nothing: its request may be on its way still, and make the copy later.
 */
export const remove: RestoreTestStep = {
  ...testStep,
  id: 'remove',
  title: 'Remove the copy',
  byHand:
    'Delete the copy that this test made, without a final snapshot, and see that it is gone. Compare the name twice: nothing else may be deleted. If the restore was never answered, look again until it cannot begin any more.',
  privilege: 'remove-copies',
  timeoutSeconds: (input) => input.examinationSeconds,
  attempts: 5,
  begin: async (context) => {
    await context.ports.copyRemoval.remove(context.input.successor, { restoreKey: restoreKeyOf(context) })
    return { kind: 'pending', handle: null }
  },
  poll: async (context, handle): Promise<ActionResult> => {
    const { ports, input } = context
    const left = await ports.inventory.describe(input.successor)
    const now = ports.clock.now()
    if (left && mayArriveLate(context))
      await ports.copyRemoval.remove(input.successor, { restoreKey: restoreKeyOf(context) })
    if (left) return { kind: 'pending', handle: null }
    const { goneSince } = (handle ?? { goneSince: now.toISOString() }) as { goneSince: string }
    const goneSeconds = (now.getTime() - Date.parse(goneSince)) / 1000
    return mayArriveLate(context) && goneSeconds < input.examinationSeconds * LATE_SHARE
      ? { kind: 'pending', handle: { goneSince } }
      : { kind: 'done', output: { removed: input.successor.instance } }
  },
  preview: async ({ input }) => ({ wouldRemove: input.successor.instance }),
  undo: { none: 'a test copy is never kept' },
}

/** Under which this run restored: what the removal may touch at all. */
const restoreKeyOf = ({ runId }: StepContext<RestoreTestInput>): string => `${runId}/${RESTORE_BESIDE}`

/** Whether a restore was asked for more than once, and never answered. */
function mayArriveLate({ run }: StepContext<RestoreTestInput>): boolean {
  const { status, handle, attempt = 0 } = run.steps[RESTORE_BESIDE] ?? {}
  return status !== 'done' && handle === undefined && attempt > 1
}
