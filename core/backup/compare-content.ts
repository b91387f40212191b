import type { DatabaseFingerprint, SequenceValue } from '../integrity/fingerprint'
import type { BackupCheck, CheckOutcome } from './checks'

/** So many names of what differs are told; the count is of all. */
const TOLD = 5

/**
 * What of a restored database is not what was backed up. Rows and catalog have to be the same; a sequence has to stand where it
 * stood at some moment of the dump, since no snapshot holds it still.
 */
export function compareContent(backedUp: DatabaseFingerprint, restored: DatabaseFingerprint): CheckOutcome[] {
  if (backedUp.origin.form !== restored.origin.form)
    return [
      {
        check: 'content',
        verdict: 'inconclusive',
        code: 'FORM_DIFFERS',
        detail: `it was fingerprinted in form ${backedUp.origin.form}, this program knows form ${restored.origin.form}`,
      },
    ]
  const unread = [...backedUp.unread, ...restored.unread].map(({ table, code }) => `${table} (${code})`)
  const found = [
    outcome('content', 'CONTENT_DIFFERS', differingTables(backedUp, restored)),
    outcome('sequences', 'SEQUENCES_DIFFER', differingSequences(backedUp.sequences, restored.sequences)),
    outcome(
      'roles',
      'ROLES_DIFFER',
      differingObjects(backedUp, restored, (kind) => OF_ROLES.has(kind)),
    ),
    outcome(
      'catalog',
      'CATALOG_DIFFERS',
      differingObjects(backedUp, restored, (kind) => !OF_ROLES.has(kind)),
    ),
  ].flatMap((one) => (one ? [one] : []))
  if (majorOf(backedUp) !== majorOf(restored)) {
    const at = found.findIndex(({ check }) => check === 'catalog')
    // Each major version writes definitions in its own words.
    if (at >= 0) found[at] = { ...found[at]!, verdict: 'inconclusive', code: 'OTHER_MAJOR_VERSION' }
  }
  if (unread.length > 0 && !found.some(({ check }) => check === 'content'))
    found.push({ check: 'content', verdict: 'inconclusive', code: 'UNREAD', detail: told(unread) })
  return found
}

const majorOf = ({ origin: { serverVersion } }: DatabaseFingerprint): number => Number.parseInt(serverVersion, 10)

const OF_ROLES = new Set(['roles', 'memberships'])

const outcome = (check: BackupCheck, code: string, names: readonly string[]): CheckOutcome | undefined =>
  names.length === 0 ? undefined : { check, verdict: 'fail', code, detail: told(names) }

const told = (names: readonly string[]): string =>
  `${names.slice(0, TOLD).join(', ')}${names.length > TOLD ? `, and ${names.length - TOLD} more` : ''}`

function differingTables(backedUp: DatabaseFingerprint, restored: DatabaseFingerprint): string[] {
  const unread = new Set([...backedUp.unread, ...restored.unread].map(({ table }) => table))
  return differing(
    new Map(backedUp.tables.map((of) => [of.table, `${of.columns} ${of.rows} ${of.hash}`])),
    new Map(restored.tables.map((of) => [of.table, `${of.columns} ${of.rows} ${of.hash}`])),
  ).filter((table) => !unread.has(table))
}

function differingObjects(
  backedUp: DatabaseFingerprint,
  restored: DatabaseFingerprint,
  wanted: (kind: string) => boolean,
): string[] {
  const objects = ({ catalog }: DatabaseFingerprint) =>
    new Map(
      Object.entries(catalog).flatMap(([kind, all]) =>
        wanted(kind) ? all.map(({ object, hash }) => [`${kind} ${object}`, hash] as const) : [],
      ),
    )
  return differing(objects(backedUp), objects(restored))
}

function differing(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  const names = new Set([...one.keys(), ...other.keys()])
  return [...names].filter((name) => one.get(name) !== other.get(name)).toSorted()
}

function differingSequences(backedUp: readonly SequenceValue[], restored: readonly SequenceValue[]): string[] {
  const now = new Map(restored.map((of) => [of.sequence, of]))
  const wrong = backedUp.filter((was) => {
    const is = now.get(was.sequence)
    return !is || !isBetween(nextOf(is, 'first'), nextOf(was, 'first'), nextOf(was, 'last'))
  })
  const known = new Set(backedUp.map(({ sequence }) => sequence))
  return [...wrong, ...restored.filter(({ sequence }) => !known.has(sequence))].map(({ sequence }) => sequence)
}

/** The number that it gives out next. */
const nextOf = (of: SequenceValue, when: 'first' | 'last'): bigint =>
  BigInt(of[when].value) + (of[when].called ? BigInt(of.increment) : 0n)

/** Whichever way it counts, and also where it has begun anew meanwhile. */
const isBetween = (value: bigint, one: bigint, other: bigint): boolean =>
  one <= other ? one <= value && value <= other : other <= value && value <= one
