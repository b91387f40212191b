import type { Json } from '../../json'
import type { FenceOutcome } from '../../ports/database'
import { isPortError } from '../../ports/errors'
import type { ActionResult, StepContext } from '../model'
import { ordinary, type MoveStep, type MoveInput } from './input'

type Context = StepContext<MoveInput>

/** What the claim before this step left behind. */
export interface Claim {
  readonly epoch: number
  readonly claimedAt: string
  readonly recovery: string
  readonly witness: string
}

/**
 * One of three proofs that the old writer cannot write: (a) it was fenced and refused a write, (b) the epoch is raised
 * in both places and the lease plus margin has passed, (c) two people attest that the region is dark.
 */
export const fence: MoveStep = {
  ...ordinary,
  id: 'fence',
  title: 'Fence the old writer',
  byHand:
    'Close every login of the old writer but the fence role, end its sessions, and see a write refused through each role. If it does not answer, wait for lease plus margin after the epoch was raised in both places. If that was impossible too, two people attest in writing that the region is dark.',
  privilege: 'fence',
  mayAsk:
    'two people who attest that the region is dark, when it cannot be fenced and the epoch is not raised in both places; never in automatic operation',
  timeoutSeconds: (input) => input.timeouts.fenceSeconds,
  begin: async (context) => {
    if (context.approvedBy) return attested(context)
    return judge(context, await tryToClose(context))
  },
  poll: async (context) => judge(context, { kind: 'unreachable' }),
  preview: async ({ input }) => ({
    wouldFence: input.writer.instance,
    leaseSeconds: input.lease.durationSeconds + input.lease.marginSeconds,
  }),
  undo: {
    none: 'once the epoch is handed back, and both places say so, the guard of the old writer opens what was closed',
  },
}

/** One attempt, inside the wait for the lease: a region that refuses or does not answer must not delay the other proof. */
async function tryToClose(context: Context): Promise<FenceOutcome> {
  try {
    return await closeWriter(context)
  } catch (error) {
    if (isPortError(error)) return { kind: 'unreachable' }
    throw error
  }
}

/** Asks the old writer to close itself in the name of the epoch that was claimed. */
export const closeWriter = (context: Context): Promise<FenceOutcome> =>
  context.ports.fence.close(context.input.writer, { key: context.key, epoch: claimOf(context).epoch })

const claimOf = (context: Context): Claim => context.outputs['claim-epoch'] as unknown as Claim

function judge(context: Context, outcome: FenceOutcome): ActionResult {
  const at = context.ports.clock.now()
  if (outcome.kind === 'fenced') return done(proofOf(outcome, at))
  const claim = claimOf(context)
  const claimedInBoth = [claim.recovery, claim.witness].every((place) => place === 'raised' || place === 'already-ours')
  if (!claimedInBoth) return withoutLease(context)
  const { durationSeconds, marginSeconds } = context.input.lease
  const endsAt = Date.parse(claim.claimedAt) + (durationSeconds + marginSeconds) * 1000
  if (at.getTime() >= endsAt) return done({ method: 'lease-expired', fencedAt: at.toISOString() })
  return { kind: 'pending', handle: { leaseEndsAt: new Date(endsAt).toISOString() } }
}

/** What stays of a fence that was proven. */
export const proofOf = (outcome: Extract<FenceOutcome, { kind: 'fenced' }>, at: Date) => ({
  method: 'fenced',
  rolesRefused: outcome.rolesRefused.length,
  sessionsTerminated: outcome.sessionsTerminated,
  writtenUpTo: outcome.writtenUpTo,
  fencedAt: at.toISOString(),
})

function withoutLease({ input }: Context): ActionResult {
  if (input.operation === 'automatic') return { kind: 'failed', code: 'CANNOT_FENCE' }
  return {
    kind: 'ask',
    approval: {
      kind: 'attestation',
      question: `Do two people attest that ${input.writer.region} is dark and nothing there can write? Risk if wrong: two writers.`,
    },
  }
}

const attested = (context: Context): ActionResult =>
  done({
    method: 'attested-dark',
    attestedBy: context.approvedBy!.length,
    splitBrainRisk: true,
    fencedAt: context.ports.clock.now().toISOString(),
  })

const done = (output: Json): ActionResult => ({ kind: 'done', output })
