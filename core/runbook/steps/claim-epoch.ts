import { isHeldBy, newestEpoch } from '../../coordination/writer-epoch'
import { PortError } from '../../ports/errors'
import { raiseInBoth, readBoth } from './epoch-in-both-places'
import { ordinary, type MoveStep, type MoveInput } from './input'
import type { StepContext, StepState } from '../model'
import { RESTORE_BESIDE } from './restore-beside'

/**
 * Raises the writer epoch in both places. From here on the guard of the old writer stops renewing its lease.
 * A place that does not answer to the last attempt is recorded, not fatal: the fence step then needs another proof.
 */
export const claimEpoch: MoveStep = {
  ...ordinary,
  id: 'claim-epoch',
  title: 'Claim the right to write for the successor',
  byHand: 'Raise the writer epoch in the recovery and the witness region. Never lower it.',
  privilege: 'observe',
  begin: async (context) => {
    const { successor, writer, operation } = context.input
    const held = await readBoth(context)
    const last = newestEpoch(held)
    const ours = held.some((epoch) => epoch?.raisedBy === context.key)
    // A driver that hung through the undo of its own run must not take away again what was handed back.
    if (held.some((epoch) => epoch?.raisedBy === handBackOf(context.key)))
      return { kind: 'failed', code: 'EPOCH_HANDED_BACK' }
    // Somebody else's failover is under way or was left half done. Only people may decide to take it over.
    if (last && !isHeldBy(last, writer) && !ours && operation === 'automatic')
      return { kind: 'failed', code: 'EPOCH_CONFLICT', detail: { holder: last.holder } }
    const claim = await raiseInBoth(context, held, context.key, (epoch) => ({
      holder: successor.region,
      instance: successor.instance,
      continues: epoch,
      // Claimed over another unfinished claim: what there is to hand back is what that one would have handed back.
      handsBack:
        (last && isHeldBy(last, successor) && !isHeldBy(last, writer) ? last.handsBack : last?.continues) ?? epoch,
    }))
    if (claim.recovery === 'conflict' || claim.witness === 'conflict')
      return { kind: 'failed', code: 'EPOCH_CONFLICT', detail: claim }
    if (!context.lastAttempt && (claim.recovery === 'unreachable' || claim.witness === 'unreachable'))
      throw new PortError('unreachable', 'EPOCH_NOT_RAISED', 'one place did not answer; raise again')
    return { kind: 'done', output: { ...claim, claimedAt: context.ports.clock.now().toISOString() } }
  },
  preview: async (context) => {
    const [recovery, witness] = await readBoth(context)
    const holder = newestEpoch([recovery, witness])?.holder ?? null
    return { recovery: recovery?.epoch ?? null, witness: witness?.epoch ?? null, holder }
  },
  undo: {
    title: 'Hand the right to write back to the old writer, with a newer epoch',
    run: async (context) => {
      const { writer, successor } = context.input
      const handBack = handBackOf(context.key)
      const held = await readBoth(context)
      const last = newestEpoch(held)
      if (last && last.raisedBy !== context.key && last.raisedBy !== handBack)
        throw new PortError(
          'conflict',
          'EPOCH_NOT_OURS',
          `run '${last.raisedBy}' holds the epoch; leave it to that run`,
        )
      // A run that took over from another one must not hand back what that one may have opened.
      if (!(await isUnused(context)))
        throw new PortError(
          'conflict',
          'REPLICA_PROMOTED',
          `'${successor.instance}' may have been opened by another run; go forward`,
        )
      const handed = await raiseInBoth(context, held, handBack, (epoch) => ({
        holder: writer.region,
        instance: writer.instance,
        // Nothing was promoted under the claim, so the guard of the old writer may open its database again.
        continues: last?.handsBack ?? last?.continues ?? epoch,
      }))
      if (![handed.recovery, handed.witness].every((place) => place === 'raised' || place === 'already-ours'))
        throw new PortError('unreachable', 'EPOCH_NOT_HANDED_BACK', 'the epoch was not handed back in both places')
    },
  },
}

/** Under which the claim of a key is handed back. */
export const handBackOf = (claimKey: string): string => `${claimKey}/undo`

type Context = StepContext<MoveInput>

/**
 * Whether the successor cannot have written for anybody: it is a replica, does not exist, or is the copy that this run had
 * made, which nobody opened since opening is never undone. A move inside one database has nobody to take it from.
 */
async function isUnused({ ports, input, run }: Context): Promise<boolean> {
  const { writer, successor } = input
  if (writer.region === successor.region && writer.instance === successor.instance) return true
  const found = await ports.inventory.describe(successor)
  return !found || found.role === 'replica' || madeByThis(run.steps[RESTORE_BESIDE])
}

const madeByThis = (restore: StepState | undefined): boolean =>
  restore !== undefined && (restore.status === 'done' || restore.handle !== undefined)
