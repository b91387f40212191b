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
