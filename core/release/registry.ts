import { inEither, type Places } from '../coordination/places'
import type { ConditionalStore } from '../ports/conditional-store'
import { isPortError, PortError } from '../ports/errors'
import { differences } from './differences'
import { releaseJson, releaseSchema, type Release } from './release'

/** A release before it has its place among the others. */
export type ReleaseDraft = Omit<Release, 'sequence'>

/** Digits enough that the order of keys is the order of releases for as long as anybody releases. */
const SEQUENCE_DIGITS = 8
const keyOf = (environment: string, sequence: number): string =>
  `releases/${environment}/${String(sequence).padStart(SEQUENCE_DIGITS, '0')}`

export interface Recorded {
  readonly release: Release
  /** Places that gave no answer; the next record brings them what they lack. */
  readonly placesAway: number
}

/**
 * Gives a release its number and keeps it for good, in both places. The store of the recovery region alone gives numbers, so
 * that two recorders never share one; the witness is brought what it lacks, in order. The newest one recorded again stays as it
 * is. Throws PortError('unreachable') where the store of the recovery region does not answer.
 */
export async function recordRelease(places: Places, draft: ReleaseDraft): Promise<Recorded> {
  const release = await numbered(places.recovery, draft)
  return { release, placesAway: await brought(places, release) }
}

async function numbered(store: ConditionalStore, draft: ReleaseDraft): Promise<Release> {
  const { environment } = draft
  for (;;) {
    const newest = await newestIn(store, environment)
    if (newest && isSame(newest, draft)) return newest
    const release = releaseSchema.parse({ ...draft, sequence: (newest?.sequence ?? 0) + 1 })
    if ((await store.create(keyOf(environment, release.sequence), releaseJson(release))) === 'created') return release
  }
}

/** Whoever records again after a lost answer names the same tag, the same recovery point and what is in force. */
const isSame = (held: Release, draft: ReleaseDraft): boolean =>
  held.tag === draft.tag &&
  held.recoveryPoint === draft.recoveryPoint &&
  held.restores === draft.restores &&
  differences(held, draft).length === 0

/** Copies every record that the witness lacks, oldest first: without a gap the newest is found by its number. */
async function brought({ recovery, witness }: Places, { environment, sequence }: Release): Promise<0 | 1> {
  try {
    const held = await newestIn(witness, environment)
    for (let next = (held?.sequence ?? 0) + 1; next <= sequence; next += 1) {
      const missing = await readFrom(recovery, environment, next)
      if (missing) await witness.create(keyOf(environment, next), releaseJson(missing))
    }
    return 0
  } catch (error) {
    if (isPortError(error) && (error.failure === 'unreachable' || error.failure === 'throttled')) return 1
    throw error
  }
}

/** The release that was recorded last; undefined before the first. */
export const newestRelease = (places: Places, environment: string): Promise<Release | undefined> =>
  inEither(places, (store) => newestIn(store, environment))

/** The release of a number; undefined where there is none. */
export const releaseAt = (places: Places, environment: string, sequence: number): Promise<Release | undefined> =>
  inEither(places, (store) => readFrom(store, environment, sequence))

/** The newest release with a tag; undefined where none has it. */
export async function releaseTagged(places: Places, environment: string, tag: string): Promise<Release | undefined> {
  for await (const release of releasesBack(places, environment)) if (release.tag === tag) return release
  return undefined
}

/** The last releases, newest first, and at most so many. */
export async function latestReleases(places: Places, environment: string, most: number): Promise<readonly Release[]> {
  const releases: Release[] = []
  for await (const release of releasesBack(places, environment)) {
    releases.push(release)
    if (releases.length >= most) break
  }
  return releases
}

/** Every release, newest first, read as far as anybody asks. */
async function* releasesBack(places: Places, environment: string): AsyncGenerator<Release> {
  let release = await newestRelease(places, environment)
  while (release) {
    yield release
    release = release.sequence > 1 ? await releaseAt(places, environment, release.sequence - 1) : undefined
  }
}

/** Numbers have no gaps, so that the newest is found between the last that is there and the first that is not. */
async function newestIn(store: ConditionalStore, environment: string): Promise<Release | undefined> {
  let newest: Release | undefined
  let absent = 1
  for (;;) {
    const found = await readFrom(store, environment, absent)
    if (!found) break
    newest = found
    absent *= 2
  }
  while (newest && absent - newest.sequence > 1) {
    const middle = Math.floor((newest.sequence + absent) / 2)
    const found: Release | undefined = await readFrom(store, environment, middle)
    if (found) newest = found
    else absent = middle
  }
  return newest
}

async function readFrom(store: ConditionalStore, environment: string, sequence: number): Promise<Release | undefined> {
  const key = keyOf(environment, sequence)
  const held = await store.get(key)
  if (!held) return undefined
  const parsed = releaseSchema.safeParse(held.value)
  if (!parsed.success)
    throw new PortError('invalid', 'RELEASE_UNREADABLE', `what lies under '${key}' is no record of a release`)
  if (parsed.data.environment !== environment || parsed.data.sequence !== sequence)
    throw new PortError(
      'conflict',
      'RELEASE_MISPLACED',
      `'${key}' holds release ${parsed.data.sequence} of '${parsed.data.environment}'; nothing is put back by it`,
    )
  return parsed.data
}
