import type { ContentReader, PlacedRow, RangeContent, ReadRanges, TablePart } from '../ports/content-reader'
import type { Finding } from './compare'
import { sameContent } from './fingerprint'
import { recheckSides, type LookPace, type Present } from './recheck'

/** Two databases of which one follows the other, each read by whoever stands beside it. */
export interface FollowedPair {
  readonly source: ContentReader
  readonly replica: ContentReader
}

/** What was found in some parts of tables. */
export interface PiecesCompared {
  readonly findings: readonly Finding[]
  /** Tables that the server of a side calls damaged while it reads them. */
  readonly damaged: Readonly<Record<'source' | 'replica', readonly string[]>>
}

/** Ranges into which a part is divided at each level: blocks of a piece of 10 GB are reached in four. */
const RANGES = 64
/** Where more differ, so many are looked into at each level: what is wrong everywhere is wrong in the first of them. */
const LOOKED_INTO = 16
/** SQLSTATEs with which a server says that a page or an index is not what it wrote. */
const DAMAGE = ['XX001', 'XX002']
/** A replica has no rows of it, and nobody may rely on those of the writer. */
const UNLOGGED = 'UNLOGGED'

/**
 * Compares parts of tables of a replica with those of its source, while both go on and neither is held still: no snapshot lasts
 * longer than one call, however large the database is. A replica has each row in the same place, so that ranges of blocks which
 * differ lead to blocks and to rows; those are looked at again until it is known whether they only moved.
 */
export async function comparePieces(
  pair: FollowedPair,
  parts: readonly TablePart[],
  pace: LookPace,
): Promise<PiecesCompared> {
  const findings: Finding[] = []
  const damaged = { source: [] as string[], replica: [] as string[] }
  for (const part of parts) {
    const found = await comparePart(pair, part, pace)
    findings.push(...found.findings)
    for (const side of found.damaged) damaged[side].push(part.table)
  }
  return { findings, damaged }
}

interface PartCompared {
  readonly findings: readonly Finding[]
  readonly damaged: readonly (keyof FollowedPair)[]
}

const SIDES = ['source', 'replica'] as const

async function comparePart(pair: FollowedPair, part: TablePart, pace: LookPace): Promise<PartCompared> {
  const found = await narrowed(pair, part)
  if (found.kind === 'unread') {
    const damaged = SIDES.filter((side) => DAMAGE.includes(found.codes[side] ?? ''))
    return { findings: SIDES.flatMap((side) => unreadFinding(part.table, found.codes[side], side)), damaged }
  }
  const changed = (detail: string): Finding => ({
    code: 'CHANGED_MEANWHILE',
    object: part.table,
    verdict: 'inconclusive',
    detail,
  })
  if (found.kind === 'other-columns') return { findings: [changed('columns')], damaged: [] }
  const { blocks, complete } = found
  if (blocks.length === 0) return { findings: complete ? [] : [changed('blocks')], damaged: [] }
  const { differing, moving } = await judged(pair, part.table, blocks, pace)
  const findings: Finding[] =
    differing.length > 0
      ? [{ code: 'CONTENT_DIFFERS', object: part.table, verdict: 'fail', detail: toldPlaces(differing, complete) }]
      : moving.length > 0 || !complete
        ? [changed(`${moving.length} rows${complete ? '' : ' and more'}`)]
        : []
  return { findings, damaged: [] }
}

function unreadFinding(object: string, code: string | undefined, side: keyof FollowedPair): Finding[] {
  if (code === undefined || code === UNLOGGED) return []
  const detail = `${code} on the ${side}`
  return [
    DAMAGE.includes(code)
      ? { code: 'TABLE_DAMAGED', object, verdict: 'fail', detail }
      : { code: 'TABLE_UNREAD', object, verdict: 'inconclusive', detail },
  ]
}

/** Places of the first rows: where to look for somebody who has access to them. */
const TOLD = 5
const toldPlaces = (places: readonly string[], complete: boolean): string =>
  `${places.length} rows${complete ? '' : ' and more'}, at ${places.slice(0, TOLD).join(' ')}`

type Narrowed =
  | { readonly kind: 'unread'; readonly codes: Partial<Record<keyof FollowedPair, string>> }
  | { readonly kind: 'other-columns' }
  | { readonly kind: 'blocks'; readonly blocks: readonly number[]; readonly complete: boolean }

/** The single blocks of a part that differ, reached by ranges that become shorter at each level. */
async function narrowed({ source, replica }: FollowedPair, part: TablePart): Promise<Narrowed> {
  let levels: TablePart[] = [part]
  const blocks: number[] = []
  for (let complete = true; levels.length > 0;) {
    const next: TablePart[] = []
    for (const wide of levels) {
      // The log of the source ends where this answer says: whatever it shows then, the replica has replayed.
      const { position } = await source.rows(part.table, [])
      const [one, other] = await Promise.all([source.ranges(wide, RANGES), replica.ranges(wide, RANGES, position)])
      if ('unread' in one || 'unread' in other)
        return { kind: 'unread', codes: { ...codeOf('source', one), ...codeOf('replica', other) } }
      if (one.columns !== other.columns) return { kind: 'other-columns' }
      for (const { from, to } of unlike(one.ranges, other.ranges))
        if (to === from + 1) blocks.push(from)
        else next.push({ table: part.table, from, to })
    }
    complete &&= next.length <= LOOKED_INTO && blocks.length <= LOOKED_INTO
    levels = next.slice(0, LOOKED_INTO)
    if (levels.length === 0) return { kind: 'blocks', blocks: blocks.slice(0, LOOKED_INTO), complete }
  }
  return { kind: 'blocks', blocks: [], complete: true }
}

const codeOf = (side: keyof FollowedPair, read: ReadRanges) => ('unread' in read ? { [side]: read.unread } : {})

/** Ranges that have another content on the other side. */
function unlike(one: readonly RangeContent[], other: readonly RangeContent[]): readonly RangeContent[] {
  const there = new Map(other.map((range) => [range.from, range]))
  return one.filter((range) => {
    const found = there.get(range.from)
    return !found || !sameContent(range, found)
  })
}

async function judged({ source, replica }: FollowedPair, table: string, blocks: readonly number[], pace: LookPace) {
  const before = await source.rows(table, blocks)
  const there = await replica.rows(table, blocks, before.position)
  const [one, other] = [hashes(before.rows), hashes(there.rows)]
  const suspects = [...new Set([...one.keys(), ...other.keys()])].filter((place) => one.get(place) !== other.get(place))
  return recheckSides(
    {
      source: async (places) => {
        const look = await source.rows(table, blocksOf(places))
        const { position } = look
        return { present: at(places, look.rows), oldest: BigInt(look.oldest), next: BigInt(look.next), position }
      },
      copy: async (places, position) => at(places, (await replica.rows(table, blocksOf(places), position)).rows),
    },
    suspects,
    pace,
  )
}

const hashes = (rows: readonly PlacedRow[]) => new Map(rows.map(({ place, hash }) => [place, hash]))

/** Of `(17,3)` the block 17. */
const blocksOf = (places: readonly string[]): number[] => [
  ...new Set(places.map((place) => Number(place.slice(1, place.indexOf(','))))),
]

function at(places: readonly string[], rows: readonly PlacedRow[]): Present {
  const wanted = new Set(places)
  return new Map(
    rows.filter(({ place }) => wanted.has(place)).map(({ place, version, hash }) => [place, { version, hash }]),
  )
}
