import { CATALOG_KINDS, type CatalogKind } from './catalog-kinds'
import {
  sameContent,
  together,
  type CatalogObject,
  type DatabaseFingerprint,
  type SequenceState,
  type SequenceValue,
  type TableFingerprint,
} from './fingerprint'
import { worst, type Verdict } from './verdict'

/** What is not as it was, or could not be seen. Names of objects and counts; never a value of a row. */
export interface Finding {
  readonly code: FindingCode
  /** Table, sequence, or kind and name of an object of the catalog. */
  readonly object: string
  /** `pass` where it is worth knowing and no damage. */
  readonly verdict: Verdict
  /** SQLSTATE or our code where it could not be seen; counts where they differ. */
  readonly detail?: string
}

export type FindingCode =
  | 'FORM_DIFFERS'
  | 'REPLICA_BEHIND'
  | 'NOT_ANSWERED'
  | 'STRUCTURE_DAMAGED'
  | 'STRUCTURE_UNCHECKED'
  | 'CHECKSUM_FAILED'
  | 'CHANGED_MEANWHILE'
  | 'TABLE_MISSING'
  | 'TABLE_UNEXPECTED'
  | 'TABLE_UNREAD'
  | 'TABLE_DAMAGED'
  | 'CONTENT_DIFFERS'
  | 'VIEW_REFRESHED'
  | 'SEQUENCE_BEHIND'
  | 'SEQUENCE_AHEAD'
  | 'OBJECT_MISSING'
  | 'OBJECT_UNEXPECTED'
  | 'OBJECT_DIFFERS'

export interface Comparison {
  readonly verdict: Verdict
  readonly findings: readonly Finding[]
  readonly tables: number
  readonly objects: number
}

/**
 * How the copy was made. A `physical` one, a replica or a restored instance, has every byte; a `logical` one came from a dump:
 * its materialized views were made anew, and what belongs to the database itself is not in a dump of its content.
 */
export type CopyKind = 'physical' | 'logical'

export interface CompareOptions {
  readonly copy: CopyKind
  /** What of the catalog is not asked, such as owners and grants of a dump that was restored without them. @default nothing */
  readonly leaveOut?: readonly CatalogKind[]
}

/** What of a copy is not as expected. Nothing is expected of a moment: the two have to be of one state. */
export function compareFingerprints(
  expected: DatabaseFingerprint,
  found: DatabaseFingerprint,
  options: CompareOptions,
): Comparison {
  if (expected.origin.form !== found.origin.form) return inOtherForms(expected, found)
  const kinds = CATALOG_KINDS.filter((kind) => !options.leaveOut?.includes(kind))
  const findings = [
    ...tableFindings(expected, found, options),
    ...expected.sequences.flatMap((sequence) => sequenceFindings(sequence, found, options)),
    ...kinds.flatMap((kind) => catalogFindings(kind, expected, found, options)),
  ].map((finding) => (ofOneMajor(expected, found) ? finding : softened(finding)))
  return {
    verdict: worst(findings.map(({ verdict }) => verdict)),
    findings,
    tables: expected.tables.length,
    objects: kinds.reduce((count, kind) => count + (expected.catalog[kind]?.length ?? 0), 0),
  }
}

function inOtherForms({ origin: one }: DatabaseFingerprint, { origin: other }: DatabaseFingerprint): Comparison {
  const detail = `${one.form} and ${other.form}`
  return {
    verdict: 'inconclusive',
    findings: [{ code: 'FORM_DIFFERS', object: 'fingerprint', verdict: 'inconclusive', detail }],
    tables: 0,
    objects: 0,
  }
}

const majorOf = ({ origin }: DatabaseFingerprint): number => Number.parseInt(origin.serverVersion, 10)
const ofOneMajor = (one: DatabaseFingerprint, other: DatabaseFingerprint): boolean => majorOf(one) === majorOf(other)

/** Nobody promises that hashes and definitions stay the same from one major version to the next; that rows are there, everybody. */
const softened = (finding: Finding): Finding =>
  finding.code === 'OBJECT_DIFFERS' || (finding.code === 'CONTENT_DIFFERS' && finding.detail === undefined)
    ? { ...finding, verdict: 'inconclusive' }
    : finding

/** SQLSTATEs with which the server says that it found damage. */
const DAMAGE = ['XX001', 'XX002']

function tableFindings(expected: DatabaseFingerprint, found: DatabaseFingerprint, { copy }: CompareOptions): Finding[] {
  const there = new Map(found.tables.map((table) => [table.table, table]))
  const unread = new Map([...expected.unread, ...found.unread].map(({ table, code }) => [table, code]))
  const known = new Set([...expected.tables.map(({ table }) => table), ...unread.keys()])
  const isDealtAnew = ({ dealtBy }: TableFingerprint) => copy === 'logical' && dealtBy !== undefined
  return [
    ...[...unread].map(([table, code]) => unreadFinding(table, code, copy)),
    ...expected.tables.flatMap((table) => {
      const other = there.get(table.table)
      if (unread.has(table.table)) return []
      if (!other) return [{ code: 'TABLE_MISSING', object: table.table, verdict: 'fail' } as const]
      return isDealtAnew(table) ? [] : contentFindings(table, other, copy)
    }),
    ...dealtFindings(expected.tables.filter(isDealtAnew), there, unread.size === 0),
    ...found.tables
      .filter(({ table }) => !known.has(table))
      .map(({ table }): Finding => ({ code: 'TABLE_UNEXPECTED', object: table, verdict: 'fail' })),
  ]
}

function unreadFinding(object: string, detail: string, copy: CopyKind): Finding {
  if (DAMAGE.includes(detail)) return { code: 'TABLE_DAMAGED', object, verdict: 'fail', detail }
  // No replica has it, and a crash empties it: nobody may rely on its rows.
  const isExpected = detail === 'UNLOGGED' && copy === 'physical'
  return { code: 'TABLE_UNREAD', object, verdict: isExpected ? 'pass' : 'inconclusive', detail }
}

function contentFindings(expected: TableFingerprint, found: TableFingerprint, copy: CopyKind): Finding[] {
  if (sameContent(expected, found)) return []
  const object = expected.table
  const detail = expected.rows === found.rows ? {} : { detail: `${expected.rows} rows expected, ${found.rows} found` }
  // A dump holds its query alone, and the restored view is as fresh as the copy.
  if (expected.kind === 'materialized-view' && copy === 'logical')
    return [{ code: 'VIEW_REFRESHED', object, verdict: 'pass', ...detail }]
  return [{ code: 'CONTENT_DIFFERS', object, verdict: 'fail', ...detail }]
}

/** Partitions to which rows were dealt anew: all that one table has dealt is compared together. */
function dealtFindings(
  dealt: readonly TableFingerprint[],
  there: ReadonlyMap<string, TableFingerprint>,
  allRead: boolean,
): Finding[] {
  return [...new Set(dealt.map(({ dealtBy }) => dealtBy!))].flatMap((table): Finding[] => {
    const before = dealt.filter(({ dealtBy }) => dealtBy === table)
    const after = before.flatMap((partition) => there.get(partition.table) ?? [])
    // One that is missing says so itself.
    if (after.length < before.length) return []
    const findings = contentFindings(
      { ...before[0]!, table, ...together(before) },
      { ...after[0]!, ...together(after) },
      'logical',
    )
    // A row may be in one that was not read, and its hash is another one where the columns stand in another order.
    const isOfOneForm = new Set([...before, ...after].map(({ columns }) => columns)).size === 1
    return allRead && isOfOneForm ? findings : findings.map((finding) => ({ ...finding, verdict: 'inconclusive' }))
  })
}

/**
 * The server writes a sequence to its log 32 values ahead (SEQ_LOG_VALS in sequence.c), and beyond those that a session takes at
 * once: so far ahead stands a copy of its files.
 */
const LOGGED_AHEAD = 32n

function sequenceFindings(
  expected: SequenceValue,
  { sequences }: DatabaseFingerprint,
  { copy }: CompareOptions,
): Finding[] {
  const object = expected.sequence
  const found = sequences.find(({ sequence }) => sequence === object)
  // A missing one is missing from the catalog too, and an unread one is listed.
  if (!found) return []
  const step = BigInt(expected.increment)
  const next = ({ value, called }: SequenceState) => BigInt(value) + (called ? step : 0n)
  const past = (one: bigint, other: bigint) => (step > 0n ? one - other : other - one)
  if (past(next(found.last), next(expected.first)) < 0n && !expected.cycles)
    return [{ code: 'SEQUENCE_BEHIND', object, verdict: 'fail' }]
  const size = step > 0n ? step : -step
  const slack = copy === 'physical' ? size * (LOGGED_AHEAD + BigInt(expected.cache)) : 0n
  if (past(next(found.last), next(expected.last)) <= slack && !expected.cycles) return []
  if (expected.cycles && next(found.last) === next(expected.last)) return []
  // Numbers are left out then, and none is given twice. Whether it ran ahead by itself is known where it was seen to run.
  const ran = next(expected.first) !== next(expected.last)
  return [{ code: 'SEQUENCE_AHEAD', object, verdict: ran ? 'pass' : 'inconclusive' }]
}

const hashes = (objects: readonly CatalogObject[] = []) => new Map(objects.map(({ object, hash }) => [object, hash]))

function catalogFindings(
  kind: CatalogKind,
  { catalog: expected }: DatabaseFingerprint,
  { catalog: found }: DatabaseFingerprint,
  { copy }: CompareOptions,
): Finding[] {
  const before = hashes(expected[kind])
  const after = hashes(found[kind])
  const verdict = (object: string): Verdict =>
    copy === 'logical' && isOfDatabaseItself(kind, object) ? 'pass' : 'fail'
  const finding = (code: FindingCode, object: string): Finding => ({
    code,
    object: `${kind}: ${object}`,
    verdict: verdict(object),
  })
  return [
    ...[...before]
      .filter(([object, hash]) => after.get(object) !== hash)
      .map(([object]) => finding(after.has(object) ? 'OBJECT_DIFFERS' : 'OBJECT_MISSING', object)),
    ...[...after.keys()].filter((object) => !before.has(object)).map((object) => finding('OBJECT_UNEXPECTED', object)),
  ]
}

/** Its locale, owner, privileges and settings: `pg_dump` leaves them out, and a restored copy has another name. */
const isOfDatabaseItself = (kind: CatalogKind, object: string): boolean =>
  kind === 'database' ||
  ((kind === 'owners' || kind === 'grants') && object === 'database') ||
  (kind === 'settings' && object.startsWith('database'))
