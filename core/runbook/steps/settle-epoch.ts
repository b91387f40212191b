import { isHeldBy, newestEpoch } from '../../coordination/writer-epoch'
import { PortError } from '../../ports/errors'
import type { ActionResult, StepContext } from '../model'
import { handBackOf } from './claim-epoch'
import { raiseInBoth, readBoth } from './epoch-in-both-places'
import type { Claim } from './fence'
import { ordinary, type MoveInput, type MoveStep } from './input'

/**
 * A place that was dark when the right to write was claimed still names the old writer. If it answers again, it is raised
 * before anybody enters: an old writer that wakes later and hears that place alone would renew its lease. One that stays
 * dark is a risk that the fence has left to people, and is recorded as such.
 */
export const settleEpoch: MoveStep = {
  ...ordinary,
  id: 'settle-epoch',
  title: 'Raise the epoch where it could not be raised before',
  byHand:
    'Read the writer epoch in both places once more. Raise it in a place that still holds an older one. Do not open while a place answers with an older epoch.',
  privilege: 'observe',
  begin: (context) => settle(context, context.lastAttempt),
  poll: (context) => settle(context, true),
  preview: async (context) => {
    const [recovery, witness] = await readBoth(context)
    return { recovery: recovery?.epoch ?? null, witness: witness?.epoch ?? null }
  },
  undo: { none: 'it is a part of the claim, and goes back with it or not at all' },
}

async function settle(context: StepContext<MoveInput>, silenceCounts: boolean): Promise<ActionResult> {
  const { writer, successor } = context.input
  const claim = context.outputs['claim-epoch'] as unknown as Claim
  const claimKey = `${context.runId}/claim-epoch`
  const held = await readBoth(context)
  const last = newestEpoch(held)
  const isOurs = held.some((epoch) => epoch?.raisedBy === claimKey)
  if (
    last &&
    last.raisedBy !== claimKey &&
    (isOurs || last.raisedBy === handBackOf(claimKey) || !isHeldBy(last, writer))
  )
    return { kind: 'failed', code: 'EPOCH_CONFLICT', detail: { holder: last.holder } }
  const now = await raiseInBoth(context, held, claimKey, (epoch) => ({
    holder: successor.region,
    instance: successor.instance,
    continues: epoch,
    handsBack: last?.continues ?? epoch,
  }))
  const places = (['recovery', 'witness'] as const).map((name, at) => ({ name, held: held[at], came: now[name] }))
  // Written since it was read, maybe by a message of this run that was late: what stands there now, the next look tells.
  if (places.some(({ came }) => came === 'conflict')) return { kind: 'pending', handle: null }
  const failed = places.filter(({ came }) => came === 'unreachable')
  // It answers, and an old writer may hear it.
  if (failed.some((place) => place.held && place.held.epoch < now.epoch)) return { kind: 'pending', handle: null }
  if (failed.length > 0 && !silenceCounts)
    throw new PortError('unreachable', 'EPOCH_NOT_RAISED', 'one place did not answer; raise again')
  const isOld = ({ name }: { name: 'recovery' | 'witness' }) => !['raised', 'already-ours'].includes(claim[name])
  return {
    kind: 'done',
    output: {
      epoch: now.epoch,
      recovery: now.recovery,
      witness: now.witness,
      // Nobody has ever raised it there, and people said that nothing is left that could hear it.
      splitBrainRisk: failed.some(isOld),
    },
  }
}
