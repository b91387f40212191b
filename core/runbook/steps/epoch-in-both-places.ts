import { newestEpoch, raiseEpoch, readEpoch, type WriterEpoch } from '../../coordination/writer-epoch'
import type { ConditionalStore } from '../../ports/conditional-store'
import { isPortError } from '../../ports/errors'
import type { StepContext } from '../model'
import type { MoveInput } from './input'

type Context = StepContext<MoveInput>

/** What the recovery place and the witness hold, in this order; undefined for one that did not answer or holds nothing. */
type Held = readonly [WriterEpoch | undefined, WriterEpoch | undefined]

export const readBoth = ({ ports }: Context): Promise<Held> =>
  Promise.all([tryRead(ports.coordination.recovery), tryRead(ports.coordination.witness)])

/** Raises in both places what this run has raised before in either, or else the next epoch. */
export async function raiseInBoth(
  { ports }: Context,
  held: Held,
  raisedBy: string,
  next: (epoch: number) => Omit<WriterEpoch, 'epoch' | 'raisedBy'>,
) {
  const epoch = (newestEpoch(held)?.epoch ?? 0) + 1
  const wanted = held.find((stored) => stored?.raisedBy === raisedBy) ?? { ...next(epoch), epoch, raisedBy }
  const { recovery, witness } = ports.coordination
  const [first, second] = await Promise.all([raiseEpoch(recovery, wanted), raiseEpoch(witness, wanted)])
  return { epoch: wanted.epoch, holder: wanted.holder, recovery: first, witness: second }
}

async function tryRead(store: ConditionalStore): Promise<WriterEpoch | undefined> {
  try {
    return await readEpoch(store)
  } catch (error) {
    if (isPortError(error) && (error.failure === 'unreachable' || error.failure === 'throttled')) return undefined
    throw error
  }
}
