import { nextOf, readCopies, type CopiedText, type EvidenceCopy } from './copies'
import type { FindingCode, Findings } from './findings'
import { chainName, recordsOf, type ChainRef } from './layout'
import { evidenceRecordSchema, GENESIS, isSealIntact, readStored, type EvidenceRecord } from './record'

/** A signed statement that the chain had this hash at this number. */
export interface Claim {
  readonly sequence: number
  readonly hash: string
  /** Name of the chain whose checkpoint says so. */
  readonly by: string
}

export interface ChainReport extends ChainRef {
  readonly records: number
  /** Records that a signed checkpoint vouches for, through an unbroken run of links. */
  readonly proven: number
  /** Records nothing signed vouches for: neither valid nor invalid. */
  readonly unproven: number
  /** Records each copy does not hold yet, by the copy's name: a replication tail. */
  readonly behind: { readonly [copy: string]: number }
}

/**
 * Walks one chain once, in order, beside the signed claims about it, which come in order too. Time grows with the
 * number of records times copies; memory does not grow with it.
 */
export async function verifyChain(world: {
  readonly chain: ChainRef
  readonly copies: readonly EvidenceCopy[]
  readonly claims: readonly AsyncIterator<Claim>[]
  /** Records that finished after this instant may still be on their way to a copy. */
  readonly settledBefore?: string
  readonly findings: Findings
}): Promise<ChainReport> {
  const { chain, copies, findings } = world
  const claims = await ClaimQueue.over(world.claims)
  const tails = new ReplicationTails(copies.map(({ name }) => name))
  let previousHash: string | undefined = GENESIS
  let expected = 0
  let records = 0
  let proven = 0
  let linked = 0 // intact and linked since the last proof

  for await (const entry of readCopies(copies, recordsOf(chain))) {
    const { key, sequence } = entry
    const report = (code: FindingCode, detail: string): void => findings.add({ code, chain, key, detail })
    if (sequence > expected) {
      report('missing', `${sequence - expected} record(s) missing before it`)
      previousHash = undefined
      linked = 0
    }
    expected = sequence + 1
    records += 1
    const fault = faultOf(entry, chain, previousHash)
    if (fault) {
      report(...fault)
      linked = 0
    } else linked += 1
    const record = recordOf(entry)
    for (const copy of tails.see(entry, isSettled(record, world.settledBefore))) {
      report('missing-from-copy', `'${copy}' lacks it, or one before it, and holds later ones`)
    }
    for await (const claim of claims.upTo(sequence)) {
      if (claim.sequence < sequence) continue // about a missing record, which is reported already
      if (claim.hash !== record?.hash) {
        report('rewritten', `a checkpoint of ${claim.by} names another hash`)
        linked = 0
      } else {
        proven += linked
        linked = 0
      }
    }
    previousHash = record?.hash
  }
  for await (const claim of claims.upTo(Infinity)) {
    const key = `${recordsOf(chain)}${claim.sequence}`
    const detail = `a checkpoint of ${claim.by} names record ${claim.sequence}, the chain ends before it`
    if (claim.sequence >= expected) findings.add({ code: 'truncated', chain, key, detail })
  }
  return { ...chain, records, proven, unproven: records - proven, behind: tails.behind() }
}

function faultOf(
  entry: CopiedText,
  chain: ChainRef,
  previousHash: string | undefined,
): readonly [FindingCode, string] | undefined {
  const held = new Set(entry.texts.filter((text) => text !== undefined))
  if (held.size > 1) return ['copies-differ', 'the copies disagree']
  const record = recordOf(entry)
  if (!record || !isSealIntact(record)) return ['edited', 'the record is not what its hash says']
  if (chainName(record) !== chainName(chain) || record.sequence !== entry.sequence) {
    return ['misplaced', `the record says it is number ${record.sequence} of ${chainName(record)}`]
  }
  if (previousHash !== undefined && record.previousHash !== previousHash) {
    return ['broken-link', 'the record does not name the hash of the one before it']
  }
  return undefined
}

function recordOf({ texts }: CopiedText): EvidenceRecord | undefined {
  const text = texts.find((held) => held !== undefined)
  return text === undefined ? undefined : readStored(evidenceRecordSchema, text)
}

const isSettled = (record: EvidenceRecord | undefined, settledBefore: string | undefined): boolean =>
  !record || settledBefore === undefined || Date.parse(record.finishedAt) < Date.parse(settledBefore)

/** Follows what each copy lacks: lacking the newest is a replication tail, lacking older ones is a deletion. */
class ReplicationTails {
  private readonly lacking: { settled: number; onTheWay: number }[]

  constructor(private readonly names: readonly string[]) {
    this.lacking = names.map(() => ({ settled: 0, onTheWay: 0 }))
  }

  /** Names of the copies that hold this record after they lacked a settled one. */
  see({ texts }: CopiedText, settled: boolean): string[] {
    const withHole: string[] = []
    for (const [at, lack] of this.lacking.entries()) {
      if (texts[at] === undefined) lack[settled ? 'settled' : 'onTheWay'] += 1
      else if (lack.settled > 0) {
        withHole.push(this.names[at] ?? '')
        lack.settled = 0
      }
    }
    return withHole
  }

  behind(): Record<string, number> {
    const counts = this.lacking.map(({ settled, onTheWay }, at): [string, number] => [
      this.names[at] ?? '',
      settled + onTheWay,
    ])
    return Object.fromEntries(counts.filter(([, count]) => count > 0))
  }
}

/** Several ordered streams of claims, taken from in step with the records. */
class ClaimQueue {
  private constructor(private readonly fronts: { readonly stream: AsyncIterator<Claim>; claim?: Claim }[]) {}

  static async over(streams: readonly AsyncIterator<Claim>[]): Promise<ClaimQueue> {
    return new ClaimQueue(await Promise.all(streams.map(async (stream) => ({ stream, claim: await nextOf(stream) }))))
  }

  async *upTo(sequence: number): AsyncGenerator<Claim> {
    for (const front of this.fronts) {
      while (front.claim && front.claim.sequence <= sequence) {
        yield front.claim
        front.claim = await nextOf(front.stream)
      }
    }
  }
}
