import { inBoth, inEither, type Places } from '../../coordination/places'
import { releaseSchema, type Release } from '../../release/release'
import type { ConditionalStore } from '../../ports/conditional-store'

const prefixOf = (environment: string): string => `releases/${environment}/`
const keyOf = ({ environment, sequence }: Release): string =>
  `${prefixOf(environment)}${String(sequence).padStart(8, '0')}`

/** Releases of an environment, the newest first. */
export const releasesOnRecord = (places: Places, environment: string): Promise<Release[]> =>
  inEither(places, (store) => listed(store, environment))

/** Records that a run has put a release back, once for the run; gives its record. */
export async function recordReturn(places: Places, draft: Omit<Release, 'sequence'>): Promise<Release> {
  const { environment, actor } = draft
  for (;;) {
    const newestFirst = await releasesOnRecord(places, environment)
    const own = newestFirst.find((release) => release.actor === actor)
    const release: Release = own ?? { ...draft, sequence: (newestFirst[0]?.sequence ?? 0) + 1 }
    const written = own ? 'created' : await places.recovery.create(keyOf(release), { ...release })
    if (written === 'exists') continue
    await inBoth(places, (store) => store.create(keyOf(release), { ...release }))
    return release
  }
}

async function listed(store: ConditionalStore, environment: string): Promise<Release[]> {
  const found: Release[] = []
  for await (const { value } of store.list(prefixOf(environment))) found.push(releaseSchema.parse(value))
  return found.toReversed()
}
