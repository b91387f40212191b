/** One version of a row, or of a whole table that has no key; undefined where there is none. */
export type Seen = { readonly version: string; readonly hash: string } | undefined

/** A row as the source had it before, as the copy has it, and as the source has it afterwards. */
export interface Look {
  readonly before: Seen
  readonly copy: Seen
  readonly after: Seen
  /** Whether every transaction that ran on the source at the end of the look before this one was over when this one began. */
  readonly settled: boolean
}

/**
 * Whether a row of a replica differs from its source while both go on. It does not once it is what the source had before or has
 * after. It does when neither side has touched it from one look to the next, and whatever was under way at the first of them is
 * over: a commit can be seen on a replica before its own server shows it, and versions, unlike values, never come back. Until
 * one of the two can be said, it moves.
 */
export function judgeRow(looks: readonly Look[]): 'same' | 'differs' | 'moving' {
  const last = looks.at(-1)
  if (!last) return 'moving'
  if (last.copy?.hash === last.before?.hash || last.copy?.hash === last.after?.hash) return 'same'
  const earlier = looks.at(-2)
  if (!earlier || !last.settled) return 'moving'
  const source = [earlier.before, earlier.after, last.before, last.after]
  const still = source.every((seen) => sameVersion(seen, last.before)) && sameVersion(earlier.copy, last.copy)
  return still ? 'differs' : 'moving'
}

const sameVersion = (one: Seen, other: Seen): boolean => one?.version === other?.version && one?.hash === other?.hash

/** What some suspects are at one moment, by their ids; those that are not there are absent. */
export type Present = ReadonlyMap<string, Seen>

/** One look at a source, and what went on around it. */
export interface SourceLook {
  readonly present: Present
  /** Number of the oldest transaction that ran when the look began. */
  readonly oldest: bigint
  /** Where the log ended afterwards. */
  readonly position: string
  /** Number of the first transaction that had not begun afterwards. */
  readonly next: bigint
}

/** Both sides of things that differ between a source and its replica: rows of one table, or objects of the catalog. */
export interface Sides {
  readonly source: (ids: readonly string[]) => Promise<SourceLook>
  /** Once it has replayed up to a position; undefined where it did not in time. */
  readonly copy: (ids: readonly string[], position: string) => Promise<Present | undefined>
}

export interface LookPace {
  /** How often they are looked at before they are left undecided. */
  readonly looks: number
  readonly pause: () => Promise<unknown>
}

/** What became of each suspect; one that is in neither list is the same on both sides. */
export interface Rechecked {
  readonly differing: readonly string[]
  readonly moving: readonly string[]
}

/**
 * Looks at the source, at its replica once that has replayed what the source had, and at the source again, until it is known of
 * each suspect whether it differs or only moved in between.
 */
export async function recheckSides(
  { source, copy }: Sides,
  ids: readonly string[],
  { looks, pause }: LookPace,
): Promise<Rechecked> {
  const history = new Map<string, Look[]>(ids.map((id) => [id, []]))
  const differing: string[] = []
  let began: bigint | undefined
  for (let look = 0; look < looks && history.size > 0; look++) {
    if (look > 0) await pause()
    const left = [...history.keys()]
    const before = await source(left)
    const settled = began !== undefined && before.oldest >= began
    const there = await copy(left, before.position)
    if (!there) break
    const after = await source(left)
    began = after.next
    for (const id of left) {
      const seen = history.get(id)!
      seen.push({ before: before.present.get(id), copy: there.get(id), after: after.present.get(id), settled })
      const judged = judgeRow(seen)
      if (judged === 'moving') continue
      history.delete(id)
      if (judged === 'differs') differing.push(id)
    }
  }
  return { differing, moving: [...history.keys()] }
}
