import { raiseEpoch, readEpoch } from '../../coordination/writer-epoch'
import type { ConditionalStore } from '../../ports/conditional-store'
import { isPortError } from '../../ports/errors'
import { ordinary, type FailoverStep, type RegionFailoverInput } from './input'
import type { StepContext } from '../model'

/**
 * Raises the writer epoch in both places. From here on the guard of the old primary region stops renewing its lease.
 * A place that does not answer is recorded, not fatal: the fence step then needs another proof.
 */
export const claimEpoch: FailoverStep = {
  ...ordinary,
  id: 'claim-epoch',
  title: 'Claim the right to write for the recovery region',
  byHand: 'Raise the writer epoch in the recovery and the witness region. Never lower it.',
  privilege: 'observe',
  begin: async (context) => {
    const claim = await raiseIn(context, context.input.replica.region, context.key)
    if (claim.recovery === 'conflict' || claim.witness === 'conflict')
      return { kind: 'failed', code: 'EPOCH_CONFLICT', detail: claim }
    return { kind: 'done', output: { ...claim, claimedAt: context.ports.clock.now().toISOString() } }
  },
  preview: async ({ ports }) => {
    const held = await Promise.all([tryRead(ports.coordination.recovery), tryRead(ports.coordination.witness)])
    return { recovery: held[0]?.epoch ?? null, witness: held[1]?.epoch ?? null }
  },
  undo: {
    title: 'Hand the right to write back to the primary region, with a newer epoch',
    run: async (context) => {
      const handedBack = await raiseIn(context, context.input.primary.region, `${context.key}/undo`)
      if (handedBack.recovery === 'conflict' || handedBack.witness === 'conflict')
        throw new Error('the writer epoch was raised by somebody else; leave it to them')
    },
  },
}

type Context = StepContext<RegionFailoverInput>

async function raiseIn({ ports, input }: Context, holder: string, raisedBy: string) {
  const { recovery, witness } = ports.coordination
  const held = await Promise.all([tryRead(recovery), tryRead(witness)])
  const ours = held.find((epoch) => epoch?.raisedBy === raisedBy)
  const epoch = ours?.epoch ?? Math.max(0, ...held.map((h) => h?.epoch ?? 0)) + 1
  const wanted = { epoch, holder, raisedBy }
  return {
    epoch,
    holder,
    from: input.primary.region,
    recovery: await raiseEpoch(recovery, wanted),
    witness: await raiseEpoch(witness, wanted),
  }
}

async function tryRead(store: ConditionalStore) {
  try {
    return await readEpoch(store)
  } catch (error) {
    if (isPortError(error) && error.failure !== 'invalid') return undefined
    throw error
  }
}
