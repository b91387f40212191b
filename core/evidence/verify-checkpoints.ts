import { verify as verifySignature } from 'node:crypto'
import { checkpointSchema, type Checkpoint } from './checkpoint'
import { readCopies, type EvidenceCopy } from './copies'
import type { Findings } from './findings'
import { chainName, checkpointsOf, type ChainRef } from './layout'
import { GENESIS, isSealIntact, readStored } from './record'

/** A public key that may sign the checkpoints of one region. */
export interface TrustedKey {
  readonly region: string
  readonly keyId: string
  /** PEM (SPKI). */
  readonly publicKey: string
}

/** The chain's checkpoints whose signature holds, in order; what is wrong with any of them is added to the findings. */
export async function* verifiedCheckpoints(
  chain: ChainRef,
  copies: readonly EvidenceCopy[],
  keys: readonly TrustedKey[],
  findings: Findings,
): AsyncGenerator<Checkpoint> {
  let expected = 0
  let previousHash: string | undefined = GENESIS
  for await (const { key, sequence, texts } of readCopies(copies, checkpointsOf(chain))) {
    const held = texts.filter((text) => text !== undefined)
    if (new Set(held).size > 1) findings.add({ code: 'copies-differ', chain, key, detail: 'the copies disagree' })
    if (sequence > expected) {
      findings.add({ code: 'missing', chain, key, detail: `${sequence - expected} checkpoint(s) missing before it` })
      previousHash = undefined
    }
    expected = sequence + 1
    const checkpoint = held[0] === undefined ? undefined : readStored(checkpointSchema, held[0])
    if (!checkpoint || !isIntact(checkpoint)) {
      findings.add({ code: 'edited', chain, key, detail: 'the checkpoint is not what its hash says' })
      previousHash = undefined
      continue
    }
    if (chainName(checkpoint) !== chainName(chain) || checkpoint.sequence !== sequence) {
      findings.add({ code: 'misplaced', chain, key, detail: 'the checkpoint belongs under another key' })
    } else if (previousHash !== undefined && checkpoint.previousHash !== previousHash) {
      findings.add({ code: 'broken-link', chain, key, detail: 'the checkpoint does not follow the one before it' })
    } else {
      const signature = judgeSignature(checkpoint, keys)
      if (signature === 'good') yield checkpoint
      else if (signature === 'bad') {
        findings.add({ code: 'bad-signature', chain, key, detail: `not signed by a trusted key of ${chain.region}` })
      }
    }
    previousHash = checkpoint.hash
  }
}

/** The signature came after the seal. */
function isIntact({ signature: _signature, ...sealed }: Checkpoint): boolean {
  return isSealIntact(sealed)
}

/** `unknown` where no key of the region is at hand: then the checkpoint proves nothing, and accuses nobody. */
function judgeSignature(checkpoint: Checkpoint, keys: readonly TrustedKey[]): 'good' | 'bad' | 'unknown' {
  const ofRegion = keys.filter(({ region }) => region === checkpoint.region)
  if (ofRegion.length === 0) return 'unknown'
  const key = ofRegion.find(({ keyId }) => keyId === checkpoint.keyId)
  const signature = Buffer.from(checkpoint.signature, 'base64')
  return key && verifySignature('sha256', Buffer.from(checkpoint.hash, 'utf8'), key.publicKey, signature)
    ? 'good'
    : 'bad'
}
