import type { WriteOnceStore } from '../ports/write-once-store'
import { chainOfKey } from './layout'

/** One place that holds evidence: a region's own store, or one that also holds replicas of another's. */
export interface EvidenceCopy {
  readonly name: string
  readonly store: WriteOnceStore
}

/** One key as every copy has it; a text is undefined where that copy lacks the key. */
export interface CopiedText {
  readonly key: string
  readonly sequence: number
  readonly texts: readonly (string | undefined)[]
}

/** Reads ahead of the check, so that a chain in a remote store costs one round trip in sixteen. */
const READ_AHEAD = 16

/** Every numbered key under the prefix that any copy holds, in order. Memory does not grow with their number. */
export async function* readCopies(copies: readonly EvidenceCopy[], prefix: string): AsyncGenerator<CopiedText> {
  const window: Promise<CopiedText>[] = []
  for await (const { key, holders } of mergedKeys(copies, prefix)) {
    if (!chainOfKey(key)) continue // not a numbered key: reported where chains are looked for
    window.push(readAll(copies, key, Number(key.slice(prefix.length)), holders))
    const oldest = window.length >= READ_AHEAD ? window.shift() : undefined
    if (oldest) yield await oldest
  }
  for (const read of window) yield await read
}

/** Keys of all copies as one ordered sequence, each once, with the positions of the copies that hold it. */
export async function* mergedKeys(
  copies: readonly EvidenceCopy[],
  prefix: string,
): AsyncGenerator<{ key: string; holders: ReadonlySet<number> }> {
  const listings = copies.map(({ store }) => store.keys(prefix)[Symbol.asyncIterator]())
  const fronts = await Promise.all(listings.map(nextOf))
  for (;;) {
    const key = fronts.reduce(
      (least, front) => (front !== undefined && (!least || front < least) ? front : least),
      undefined,
    )
    if (key === undefined) return
    const holders = new Set<number>()
    for (const [at, listing] of listings.entries()) {
      if (fronts[at] !== key) continue
      holders.add(at)
      fronts[at] = await nextOf(listing)
    }
    yield { key, holders }
  }
}

export async function nextOf<T>(stream: AsyncIterator<T>): Promise<T | undefined> {
  const step = await stream.next()
  return step.done ? undefined : step.value
}

async function readAll(
  copies: readonly EvidenceCopy[],
  key: string,
  sequence: number,
  holders: ReadonlySet<number>,
): Promise<CopiedText> {
  const texts = await Promise.all(copies.map(async ({ store }, at) => (holders.has(at) ? store.get(key) : undefined)))
  return { key, sequence, texts }
}
