import type { Component } from '../ports/deployments'
import { PortError } from '../ports/errors'
import type { Release } from './release'

/** Versions by the name of their component; null where nothing is in force. */
export type Versions = Readonly<Record<string, string | null>>

/**
 * The release to go back to: the one that is named, or else the last healthy one that is not what is in force. Where something
 * is in force that no release names, a release went out and was never recorded, so that the newest recorded one is the last
 * good state; half way back, every version is of one of two releases, and the way goes on. Releases that a rollback has left
 * were found bad after their record, and are gone back to by name alone. Throws PortError('conflict') where there is none.
 */
export function rollbackTarget(
  newestFirst: readonly Release[],
  inForce: Versions,
  components: readonly Component[],
  named?: number,
): Release {
  if (named !== undefined) return releaseNumbered(newestFirst, named)
  const [newest] = newestFirst
  const left = leftByRollback(newestFirst)
  const isSame = ({ components: versions }: Release) =>
    components.every(({ name }) => versions[name] === undefined || versions[name] === inForce[name])
  const candidates = newestFirst.filter(
    (release) => release.health === 'healthy' && !left.has(release.sequence) && !isSame(release),
  )
  const before = candidates.find(({ sequence }) => sequence !== newest?.sequence)
  const isOnRecord = components.every(({ name }) => {
    // A component that came after the record is of no release, and says nothing.
    if (newest?.components[name] === undefined) return true
    return [newest, before].some((release) => release?.components[name] === inForce[name])
  })
  const target = isOnRecord ? before : candidates[0]
  if (target) return target
  throw new PortError(
    'conflict',
    'NO_RELEASE_TO_RETURN_TO',
    'no healthy release is on record but what is in force; name one by its number, or go forward with a fix',
  )
}

function releaseNumbered(releases: readonly Release[], wanted: number): Release {
  const found = releases.find(({ sequence }) => sequence === wanted)
  if (found) return found
  throw new PortError('conflict', 'RELEASE_UNKNOWN', `no release ${wanted} is on record here`)
}

/** Every release after the one that a rollback went back to, up to that rollback. */
function leftByRollback(releases: readonly Release[]): ReadonlySet<number> {
  const left = new Set<number>()
  for (const { sequence, restores } of releases)
    if (restores !== undefined)
      for (const one of releases)
        if (one.sequence > restores && one.sequence < sequence && one.restores === undefined) left.add(one.sequence)
  return left
}
