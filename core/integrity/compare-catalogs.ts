import type { ContentReader, ReadCatalog } from '../ports/content-reader'
import { compareFingerprints, type Finding } from './compare'
import { FORM, type DatabaseFingerprint } from './fingerprint'
import type { FollowedPair } from './compare-pieces'
import { recheckSides, type LookPace, type Present } from './recheck'

/** Findings of which a change that was under way could be the reason. */
const OF_OBJECTS = ['OBJECT_DIFFERS', 'OBJECT_MISSING', 'OBJECT_UNEXPECTED']

/**
 * Compares the catalog and the sequences of a replica with those of its source while both go on, and asks both for checksums
 * that failed. The same rules as for a copy that is held still; what differs is looked at again.
 */
export async function compareCatalogs({ source, replica }: FollowedPair, pace: LookPace): Promise<readonly Finding[]> {
  const first = await source.catalog()
  const found = await replica.catalog(first.position)
  const last = await source.catalog()
  const { findings } = compareFingerprints(asFingerprint(first, last), asFingerprint(found, found), {
    copy: 'physical',
  })
  const suspects = new Map(findings.filter(isDoubtful).map((finding) => [finding.object, finding]))
  const { differing, moving } = await recheckSides(
    {
      source: async (ids) => {
        const { oldest, next, position, ...read } = await source.catalog()
        return { present: objectsOf(read, ids), oldest: BigInt(oldest), next: BigInt(next), position }
      },
      copy: async (ids, position) => objectsOf(await replica.catalog(position), ids),
    },
    [...suspects.keys()],
    pace,
  )
  return [
    ...findings.filter((finding) => !isDoubtful(finding)),
    ...differing.map((id) => suspects.get(id)!),
    ...moving.map((object): Finding => ({ code: 'CHANGED_MEANWHILE', object, verdict: 'inconclusive' })),
    ...told('source', last),
    ...told('replica', found),
  ]
}

const isDoubtful = ({ code, verdict }: Finding): boolean => OF_OBJECTS.includes(code) && verdict === 'fail'

const told = (side: string, { checksums }: ReadCatalog): Finding[] =>
  checksums.map((finding) => ({ ...finding, object: `${finding.object} of the ${side}` }))

const asFingerprint = (first: ReadCatalog, last: Pick<ReadCatalog, 'sequences'>): DatabaseFingerprint => {
  const ends = new Map(last.sequences.map(({ sequence, value, called }) => [sequence, { value, called }]))
  return {
    // Both are asked by the same code and answer for one moment of one cluster.
    origin: { form: FORM, serverVersion: '0', database: '', replays: false, position: first.position, takenAt: '' },
    tables: [],
    unread: [],
    sequences: first.sequences.flatMap(({ value, called, ...sequence }) => {
      const end = ends.get(sequence.sequence)
      return end ? [{ ...sequence, first: { value, called }, last: end }] : []
    }),
    catalog: first.catalog,
  }
}

function objectsOf(
  { catalog }: Pick<Awaited<ReturnType<ContentReader['catalog']>>, 'catalog'>,
  ids: readonly string[],
): Present {
  const wanted = new Set(ids)
  return new Map(
    Object.entries(catalog)
      .flatMap(([kind, objects]) => objects.map(({ object, hash }) => ({ id: `${kind}: ${object}`, hash })))
      .filter(({ id }) => wanted.has(id))
      .map(({ id, hash }) => [id, { version: hash, hash }]),
  )
}
