import { isPortError } from '../ports/errors'
import { mergedKeys, type EvidenceCopy } from './copies'
import { Findings, type Finding } from './findings'
import { chainName, chainOfKey, CHECKPOINTS, RECORDS, type ChainRef } from './layout'
import { verifyChain, type ChainReport, type Claim } from './verify-chain'
import { verifiedCheckpoints, type TrustedKey } from './verify-checkpoints'

export interface EvidenceReport {
  /**
   * `pass`: every record is proven by a signed checkpoint. `fail`: something was changed. `inconclusive`: nothing was
   * seen to be changed, but some of it nobody has signed for, or could be read, or there is none.
   */
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  readonly chains: readonly ChainReport[]
  /** The first findings; `findingsTotal` counts them all. */
  readonly findings: readonly Finding[]
  readonly findingsTotal: number
  /** Copies that did not answer. */
  readonly unreadable: readonly string[]
}

/**
 * Verifies all evidence that the copies hold together. Detects what was edited, deleted, reordered, inserted or
 * truncated, and what was rewritten with all hashes renewed, back to the last signed checkpoint of the chain or the
 * last one of another chain that names it. What came later is counted as unproven.
 *
 * Time grows with records x copies + checkpoints x chains; memory only with the number of chains. `settledBefore`
 * (ISO) allows a replica to lack any record that finished later; without it only the newest ones may be lacking.
 */
export async function verifyEvidence(world: {
  readonly copies: readonly EvidenceCopy[]
  readonly keys: readonly TrustedKey[]
  readonly settledBefore?: string
}): Promise<EvidenceReport> {
  const { keys, settledBefore } = world
  const { readable, unreadable } = await askEach(world.copies)
  const findings = new Findings()
  const known = await chainsIn(readable, keys, findings)
  const chains: ChainReport[] = []
  for (const chain of known) {
    const claims = known.map((by) => claimsAbout(chain, by, readable, keys, findings))
    chains.push(await verifyChain({ chain, copies: readable, claims, settledBefore, findings }))
  }
  return {
    verdict: verdictOf(chains, findings, unreadable),
    chains,
    findings: findings.kept,
    findingsTotal: findings.total,
    unreadable,
  }
}

function verdictOf(chains: readonly ChainReport[], findings: Findings, unreadable: readonly string[]) {
  if (findings.total > 0) return 'fail'
  const records = chains.reduce((sum, chain) => sum + chain.records, 0)
  const allProven = chains.every(({ unproven }) => unproven === 0)
  return records > 0 && allProven && unreadable.length === 0 ? 'pass' : 'inconclusive'
}

async function askEach(copies: readonly EvidenceCopy[]) {
  const readable: EvidenceCopy[] = []
  const unreadable: string[] = []
  for (const copy of copies) {
    try {
      await copy.store.keys(RECORDS)[Symbol.asyncIterator]().next()
      readable.push(copy)
    } catch (error) {
      if (!isPortError(error) || error.failure !== 'unreachable') throw error
      unreadable.push(copy.name)
    }
  }
  return { readable, unreadable }
}

/** Every chain that left anything at all, be it only its mention in another chain's checkpoint. */
async function chainsIn(
  copies: readonly EvidenceCopy[],
  keys: readonly TrustedKey[],
  findings: Findings,
): Promise<readonly ChainRef[]> {
  const chains = new Map<string, ChainRef>()
  for (const prefix of [RECORDS, CHECKPOINTS]) {
    for await (const { key } of mergedKeys(copies, prefix)) {
      const chain = chainOfKey(key)
      if (chain) chains.set(chainName(chain), chain)
      else findings.add({ code: 'foreign-key', key, detail: 'no writer of evidence writes under such a key' })
    }
  }
  const written = [...chains.values()]
  for (const chain of written) {
    for await (const { others } of verifiedCheckpoints(chain, copies, keys, new Findings())) {
      for (const { region, writer } of others) chains.set(`${region}/${writer}`, { region, writer })
    }
  }
  return [...chains.values()].toSorted((a, b) => (chainName(a) < chainName(b) ? -1 : 1))
}

/** What the checkpoints of one chain say about a chain. Findings on them are taken down once, in their own chain's turn. */
async function* claimsAbout(
  chain: ChainRef,
  by: ChainRef,
  copies: readonly EvidenceCopy[],
  keys: readonly TrustedKey[],
  findings: Findings,
): AsyncGenerator<Claim> {
  const isOwn = chainName(chain) === chainName(by)
  for await (const checkpoint of verifiedCheckpoints(by, copies, keys, isOwn ? findings : new Findings())) {
    const named = isOwn ? checkpoint.head : checkpoint.others.find((other) => chainName(other) === chainName(chain))
    if (named) yield { sequence: named.sequence, hash: named.hash, by: chainName(by) }
  }
}
