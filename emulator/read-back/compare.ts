import type { Json } from '../../core/json'

/**
 * - `not compared`: the service tells something of another form, such as one text for an object
 * - `not looked at`: no reader asks for it
 */
export type Finding = 'kept' | 'dropped' | 'changed' | 'not compared' | 'not looked at'

/** One declared value: its path, the same for all items of a list, and what became of it. */
export interface Leaf {
  readonly path: string
  readonly finding: Finding
}

/** What services call what the template calls by the first name. The case of the first letter is of no matter. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  // AWS Backup
  TargetBackupVault: ['TargetBackupVaultName'],
  // KMS
  Key: ['TagKey'],
  Value: ['TagValue'],
  // S3
  DestinationBucketName: ['TargetBucket'],
  Id: ['ID'],
  LogFilePrefix: ['TargetPrefix'],
  ServerSideEncryptionByDefault: ['ApplyServerSideEncryptionByDefault'],
  TransitionInDays: ['Days'],
}

/**
 * What became of every value of a declared property. Values that the template computes at deployment count by being there;
 * plain values have to be the same. A value below a name that the service does not tell is dropped.
 */
export function judge(property: string, declared: Json, told: Readonly<Record<string, unknown>>): Leaf[] {
  if (property in told) return compare(property, declared, told[property])
  return pathsOf(property, declared).map(() => ({ path: property, finding: 'not looked at' }))
}

function compare(path: string, declared: unknown, told: unknown): Leaf[] {
  const all = (finding: Finding) => pathsOf(path, declared).map((leaf) => ({ path: leaf, finding }))
  if (isLeaf(declared)) return [{ path, finding: judgeLeaf(declared, told) }]
  if (isNothing(told)) return all('dropped')
  if (Array.isArray(declared))
    return Array.isArray(told) ? compareItems(`${path}[]`, declared, told) : all('not compared')
  if (!isRecord(declared) || !isRecord(told)) return all('not compared')
  return Object.entries(declared).flatMap(([key, value]) => compare(`${path}.${key}`, value, named(key, told)))
}

function judgeLeaf(declared: unknown, told: unknown): Finding {
  if (isNothing(told)) return isNothing(declared) ? 'kept' : 'dropped'
  if (isNothing(declared)) return 'changed'
  if (typeof told === 'object') return 'not compared'
  // Services tell many numbers as text.
  return isComputed(declared) || plain(declared) === plain(told) ? 'kept' : 'changed'
}

/**
 * Each declared item with a told one of its own: those that are the same first, then the most alike, and of these the one
 * that says the least beyond it.
 */
function compareItems(path: string, declared: readonly unknown[], told: readonly unknown[]): Leaf[] {
  const left = new Set(told)
  const taking = (item: unknown, least: number): Leaf[] | undefined => {
    const [best] = [...left]
      .map((one) => ({ one, leaves: compare(path, item, one), size: pathsOf('', one).length }))
      .toSorted((a, b) => keptShare(b.leaves) - keptShare(a.leaves) || a.size - b.size)
    if (!best || keptShare(best.leaves) < least) return undefined
    left.delete(best.one)
    return best.leaves
  }
  // A computed value equals everything, so that it may not take what a plain one needs.
  const plainFirst = declared.toSorted((a, b) => computedIn(a) - computedIn(b))
  const judged = plainFirst.map((item) => ({ item, leaves: taking(item, 1) }))
  return judged.flatMap(
    ({ item, leaves }) =>
      leaves ?? taking(item, 0) ?? pathsOf(path, item).map((leaf) => ({ path: leaf, finding: 'dropped' })),
  )
}

const keptShare = (leaves: readonly Leaf[]): number =>
  leaves.filter(({ finding }) => finding === 'kept').length / leaves.length

function named(key: string, told: Readonly<Record<string, unknown>>): unknown {
  const names = [key, ...(ALIASES[key] ?? [])].flatMap((name) => [name, name[0]!.toLowerCase() + name.slice(1)])
  return told[names.find((name) => name in told) ?? key]
}

/** Paths of all values below a declared one. */
function pathsOf(path: string, declared: unknown): string[] {
  if (isLeaf(declared)) return [path]
  if (Array.isArray(declared)) return declared.flatMap((item) => pathsOf(`${path}[]`, item))
  return Object.entries(declared as object).flatMap(([key, value]) => pathsOf(`${path}.${key}`, value))
}

/** A plain or computed value, or a list or object with nothing in it. */
const isLeaf = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || Object.keys(value).length === 0 || isComputed(value)

const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.values(value).every(isNothing))

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Refs, functions and references to secrets get their value at deployment. */
const isComputed = (value: unknown): boolean =>
  (isRecord(value) && Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'))) ||
  (typeof value === 'string' && value.includes('{{resolve:'))

const computedIn = (value: unknown): number => {
  if (isComputed(value)) return 1
  return typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((sum, one) => sum + computedIn(one), 0)
    : 0
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
