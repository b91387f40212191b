import type { Places } from '../../coordination/places'
import { latestReleases, releaseAt } from '../../release/registry'
import type { Release } from '../../release/release'
import type { RollbackInput } from './input'

/** How far back a healthy release is looked for: each costs a read, and an older one is named by its number. */
const MOST_LOOKED_AT = 20

/** The last releases of the environment, the newest first, and the one that is named besides. */
export async function releasesOnRecord(
  places: Places,
  { environment, wanted }: Pick<RollbackInput, 'environment' | 'wanted'>,
): Promise<readonly Release[]> {
  const latest = await latestReleases(places, environment, MOST_LOOKED_AT)
  if (wanted.to === undefined || latest.some(({ sequence }) => sequence === wanted.to)) return latest
  const named = await releaseAt(places, environment, wanted.to)
  return named ? [...latest, named] : latest
}
