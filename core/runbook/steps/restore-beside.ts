import type { InstanceRef } from '../../ports/database'
import type { Policy } from '../../policy'
import { PortError } from '../../ports/errors'
import type { ActionResult, BaseInput, Step, StepContext } from '../model'

export const RESTORE_BESIDE = 'restore-beside'

/** What a runbook has to know that makes a copy from the history of a database. */
export interface RestoreInput extends BaseInput {
  /** Database whose history is used. */
  readonly writer: InstanceRef
  /** Copy to be made: a name that nothing has yet. */
  readonly successor: InstanceRef
  readonly restore: { readonly timeoutSeconds: number; readonly pollEverySeconds: number }
}

/** Code of a database that no restore of ours can copy: its instance is of another template, in groups that our role does not reach. */
export const IMPORTED_DATABASE = 'IMPORTED_DATABASE'

export const isImported = ({ imports: { database } }: Policy, { instance }: InstanceRef): boolean =>
  database.mode === 'import' && database.instanceIdentifier === instance

/** Throws PortError('conflict') for a database that cannot be restored by us, before anybody is asked. */
export function requireRestorable(policy: Policy, writer: InstanceRef): void {
  if (!isImported(policy, writer)) return
  throw new PortError(
    'conflict',
    IMPORTED_DATABASE,
    `'${writer.instance}' is imported: restore it by its own template, or adopt a new generation of ours first`,
  )
}

/** A copy takes minutes at the least, and its objective is hours: looked for less often, a run stays far from its longest history. */
const LOOKS_LESS_OFTEN = 2

/** How a restore is waited for: one that outlasts its objective is a matter for people. */
export const restorePace = (policy: Policy, pace: Policy['pace'] = policy.pace): Pick<RestoreInput, 'restore'> => ({
  restore: {
    timeoutSeconds: policy.objectives.rto.dataRecoveryMinutes * 60,
    pollEverySeconds: pace.pollEverySeconds * LOOKS_LESS_OFTEN,
  },
})

/** Makes the copy as the source was just before the moment, and waits until it answers. Nothing that exists is touched. */
export const restoreBeside = <Input extends RestoreInput>(
  momentOf: (context: StepContext<Input>) => string,
): Step<Input> => ({
  id: RESTORE_BESIDE,
  title: 'Restore a copy beside',
  byHand:
    'Restore the database to the moment that was decided, as a new instance of the new name, reachable for the fence role only. Wait until it is available and no longer replays. Do not touch the old instance.',
  privilege: 'restore',
  timeoutSeconds: (input) => input.restore.timeoutSeconds,
  pollEverySeconds: (input) => input.restore.pollEverySeconds,
  attempts: 3,
  retryAfterSeconds: 1,
  onFailure: 'stop-safely',
  begin: async (context) => {
    const { ports, input, key } = context
    const at = momentOf(context)
    await ports.restore.begin(input.writer, { key, at, copy: input.successor })
    return { kind: 'pending', handle: { at } }
  },
  poll: async ({ ports, input }, handle): Promise<ActionResult> => {
    const copy = await ports.inventory.describe(input.successor)
    // It can last hours, and nobody has to wait them out for a copy that will never come.
    if (copy?.status === 'failed')
      return { kind: 'failed', code: 'RESTORE_FAILED', detail: { instance: input.successor.instance } }
    if (copy?.status !== 'available' || copy.role !== 'primary') return { kind: 'pending', handle }
    return { kind: 'done', output: { ...(handle as { at: string }), endpoint: copy.endpoint.host } }
  },
  preview: async ({ ports, input }) => ({
    wouldMake: input.successor.instance,
    exists: (await ports.inventory.describe(input.successor)) !== undefined,
  }),
  undo: { none: 'the copy harms nobody: it is closed and holds no right to write; remove it once nobody needs it' },
})
