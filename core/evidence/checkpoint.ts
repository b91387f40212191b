import { z } from 'zod'
import type { Clock } from '../ports/clock'
import { isPortError, PortError } from '../ports/errors'
import type { Signer, WriteOnceStore } from '../ports/write-once-store'
import { findHead, type EvidenceChain, type Head } from './chain'
import { chainName, checkpointKey, recordKey, type ChainRef } from './layout'
import { evidenceRecordSchema, GENESIS, readStored, seal, storedText } from './record'

const headSchema = z.strictObject({ sequence: z.int().nonnegative(), hash: z.string().regex(/^[0-9a-f]{64}$/) })

/**
 * A signed statement of how far a chain had come. `hash` covers everything but itself and the signature; the
 * signature covers the hash. Checkpoints form a chain of their own, so that none can be taken out unseen.
 */
export const checkpointSchema = z.strictObject({
  kind: z.literal('checkpoint'),
  sequence: z.int().nonnegative(),
  region: z.string(),
  writer: z.string(),
  reason: z.enum(['hourly', 'runbook']),
  issuedAt: z.iso.datetime(),
  head: headSchema,
  /** Newest heads seen of other chains, each kept from the checkpoint before where the chain could not be read now. */
  others: z.array(headSchema.extend({ region: z.string(), writer: z.string() })),
  keyId: z.string(),
  previousHash: z.string().regex(/^[0-9a-f]{64}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  signature: z.string(),
})

export type Checkpoint = z.infer<typeof checkpointSchema>

/** Another chain and where to look for it: the other region's store, or our replicated copy of it. */
export interface OtherChain {
  readonly chain: ChainRef
  readonly store: WriteOnceStore
}

/**
 * Signs the chain's present head and the other chains' last seen heads. Needs only its own store and signer: a
 * chain that cannot be read is named as it was last seen. Returns undefined while the chain is empty.
 */
export async function writeCheckpoint(world: {
  readonly store: WriteOnceStore
  readonly signer: Signer
  readonly clock: Clock
  readonly chain: EvidenceChain
  readonly others: readonly OtherChain[]
  readonly reason: Checkpoint['reason']
}): Promise<Checkpoint | undefined> {
  const { store, signer, clock, chain, reason } = world
  const { region, writer } = chain.identity
  for (;;) {
    // The newest checkpoint is read before the head, so that a lost race can never sign a head older than its winner's.
    const previous = await lastCheckpoint(store, { region, writer })
    const ownHead = await chain.head()
    if (!ownHead) return undefined
    const sealed = seal({
      kind: 'checkpoint' as const,
      sequence: previous ? previous.sequence + 1 : 0,
      region,
      writer,
      reason,
      issuedAt: clock.now().toISOString(),
      head: ownHead,
      others: await seenHeads(world.others, previous?.others ?? []),
      keyId: signer.keyId,
      previousHash: previous?.hash ?? GENESIS,
    })
    const checkpoint = { ...sealed, signature: await signer.sign(sealed.hash) }
    const key = checkpointKey({ region, writer }, checkpoint.sequence)
    if ((await store.create(key, storedText(checkpoint))) === 'created') return checkpoint
  }
}

async function lastCheckpoint(store: WriteOnceStore, chain: ChainRef): Promise<Checkpoint | undefined> {
  let last: Checkpoint | undefined
  await findHead(async (sequence) => {
    const key = checkpointKey(chain, sequence)
    const text = await store.get(key)
    if (text === undefined) return undefined
    const checkpoint = readStored(checkpointSchema, text)
    if (!checkpoint) {
      throw new PortError(
        'conflict',
        'EVIDENCE_CHECKPOINT_UNREADABLE',
        `'${key}' is not a checkpoint in canonical form; run 'recovery evidence verify' and keep the store as it is`,
      )
    }
    if (!last || checkpoint.sequence > last.sequence) last = checkpoint
    return checkpoint
  })
  return last
}

async function seenHeads(others: readonly OtherChain[], before: Checkpoint['others']): Promise<Checkpoint['others']> {
  const seen = new Map(before.map((entry) => [chainName(entry), entry]))
  for (const { chain, store } of others) {
    const known = seen.get(chainName(chain))
    const head = await headIn(store, chain, known)
    if (head) seen.set(chainName(chain), { ...head, region: chain.region, writer: chain.writer })
  }
  return [...seen.values()]
}

async function headIn(store: WriteOnceStore, chain: ChainRef, known?: Head): Promise<Head | undefined> {
  const from = known && { sequence: known.sequence, hash: known.hash }
  try {
    return await findHead(async (sequence) => {
      const text = await store.get(recordKey(chain, sequence))
      return text === undefined ? undefined : readStored(evidenceRecordSchema, text)
    }, from)
  } catch (error) {
    if (isPortError(error) && error.failure !== 'invalid') return from
    throw error
  }
}
