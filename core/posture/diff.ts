import type { Json } from '../json'
import { SECTIONS, type Assembly, type Resource, type StackTemplate } from './assembly'
import { differences, type Difference, type Look } from './differences'
import { nothingSaid, termOf } from './generic-words'
import { placesOf, type Places } from './places'
import {
  HARMLESS_TYPES,
  harmlessIn,
  moreProtectsIn,
  opening,
  rowsOf,
  wholeHarmlessIn,
  withoutUsual,
  type ProtectionRow,
  type Term,
} from './protections'
import { textOf } from './text-of'
import { valuesAt } from './values-at'
import { weakens } from './weakens'

/** One protection that is weaker in the newer assembly. */
export interface Weakening {
  readonly term: Term
  /** `stack/logical id`, the name of a stack, or `policy`. */
  readonly subject: string
  /** Type of the resource, `stack`, or `policy`. */
  readonly type: string
  /** Property or field; `*` for the whole. */
  readonly path: string
  readonly words: string
  /** Null: not there. */
  readonly before: Json
  readonly after: Json
}

type Properties = Resource['Properties']
type Subject = Pick<Weakening, 'subject' | 'type'>

/**
 * Everything by which the newer assembly protects less than the older one, in the terms of the procedure. Everything is
 * held as it is, but where the register says that another value protects no less; what is new weakens where it lets
 * somebody or something through. Grows with the number of resources.
 */
export function weakenings(older: Assembly, newer: Assembly): Weakening[] {
  const names = new Set([...older.stacks, ...newer.stacks].map(({ stack }) => stack))
  const inOld = new Map(older.stacks.map((stack) => [stack.stack, stack]))
  const inNew = new Map(newer.stacks.map((stack) => [stack.stack, stack]))
  return [
    ...[...names].flatMap((name) => ofStack(inOld.get(name), inNew.get(name))),
    ...ofPolicy(older.policy, newer.policy),
  ]
}

function ofStack(before: StackTemplate | undefined, after: StackTemplate | undefined): Weakening[] {
  const name = before?.stack ?? after?.stack ?? ''
  const ids = new Set([...Object.keys(before?.resources ?? {}), ...Object.keys(after?.resources ?? {})])
  return [
    ...(before && after ? ofFrame(before, after) : []),
    ...[...ids].flatMap((id) => ofResource(`${name}/${id}`, before?.resources[id], after?.resources[id])),
  ]
}

/** What a stack is, beside its resources. */
function ofFrame(before: StackTemplate, after: StackTemplate): Weakening[] {
  const own = { subject: before.stack, type: 'stack' }
  const moved =
    before.region === after.region
      ? []
      : [{ ...own, term: 'existence' as const, path: 'region', words: 'the region in which the stack stands' }].map(
          (found) => ({ ...found, before: before.region, after: after.region }),
        )
  const bare =
    before.terminationProtection === true && after.terminationProtection !== true
      ? [
          {
            ...own,
            term: 'retention' as const,
            path: 'terminationProtection',
            words: 'protection against deletion of the stack',
            before: true,
            after: false,
          },
        ]
      : []
  const sections = SECTIONS.flatMap((section) =>
    differences(before.sections?.[section], after.sections?.[section], () => 'whole', '').map((found) =>
      held(own, 'existence', `what decides which resources there are, in ${section}`, {
        ...found,
        path: [section, found.path].filter(Boolean).join('.'),
      }),
    ),
  )
  return [...moved, ...bare, ...sections]
}

/**
 * Everything by which one resource protects less than before; undefined is one that is not there. The subject is
 * `stack/logical id`.
 */
export function ofResource(subject: string, before: Resource | undefined, after: Resource | undefined): Weakening[] {
  if (!before) return after ? ofNew(subject, after) : []
  const { Type: type } = before
  if (type in HARMLESS_TYPES) return after && after.Type !== type ? ofNew(subject, after) : []
  if (after?.Type !== type) return [gone(subject, before), ...(after ? ofNew(subject, after) : [])]
  if (before === after) return []
  return [
    ...ofAttributes({ subject, type }, before, after),
    ...compare({ subject, type }, before.Properties, after.Properties),
  ]
}

/** What a resource says beside its properties. */
function ofAttributes(own: Subject, before: Resource, after: Resource): Weakening[] {
  const condition = { path: 'Condition', before: before.Condition, after: after.Condition }
  return [
    ...(before.Condition === after.Condition
      ? []
      : [held(own, 'existence', 'condition under which it exists', condition)]),
    ...(['DeletionPolicy', 'UpdateReplacePolicy'] as const).flatMap((path) =>
      keepsLess(before[path], after[path])
        ? [held(own, 'retention', KEPT_WORDS[path], { path, before: before[path], after: after[path] })]
        : [],
    ),
  ]
}

/** Whether less stays of a resource than before, by what its template says to that. */
export const keepsLess = (before: Json | undefined, after: Json | undefined): boolean =>
  rank(after) === -1 ? before !== after : rank(after) > rank(before)
/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html */
const rank = (value: Json | undefined): number => KEPT_FIRST.indexOf(textOf(value ?? 'Delete'))
const KEPT_FIRST = ['Retain', 'RetainExceptOnCreate', 'Snapshot', 'Delete']
const KEPT_WORDS = {
  DeletionPolicy: 'what stays when its stack lets go of it',
  UpdateReplacePolicy: 'what stays of it when it is replaced',
}

/** What a resource that was not there lets through. */
function ofNew(subject: string, { Type: type, ...resource }: Resource): Weakening[] {
  const own = { subject, type }
  const opens = opening({ Type: type, ...resource })
  if (opens !== undefined)
    return [{ ...own, term: 'access', path: '*', words: opens, before: null, after: resource.Properties ?? {} }]
  return rowsOf(type).flatMap((row) => {
    const usual = USUAL[row.order]
    if (!usual || row.term !== 'access') return []
    return valuesOrDefault(resource.Properties, row)
      .filter(({ value }) => weakens(judgement(row, undefined, resource.Properties), ...usual(row, value)))
      .map(({ path, value }) => ({ ...own, term: row.term, path, words: row.words, before: null, after: value }))
  })
}

/** What a new resource has at a path; a list that is left out or empty is what AWS makes of it. */
function valuesOrDefault(properties: Properties, { path, whenAbsent }: ProtectionRow): { path: string; value: Json }[] {
  const found = valuesAt(properties, path).map((one) => ({
    ...one,
    value: orDefault(one.value, whenAbsent) ?? one.value,
  }))
  return found.length === 0 && Array.isArray(whenAbsent) ? [{ path, value: whenAbsent }] : found
}

/** The value that opens nothing, and what there is instead, for orders that speak of openings. */
export const USUAL: {
  readonly [order in ProtectionRow['order']]?: (row: ProtectionRow, value: Json) => [Json | undefined, Json | undefined]
} = {
  'no-new-grants': (_, value) => [undefined, withoutUsual(value)],
  'no-new-entries': (_, value) => [undefined, value],
  'no-more': (_, value) => [typeof value === 'boolean' ? false : value, value],
  'no-weaker-word': ({ strongestFirst }, value) => [strongestFirst?.[0], value],
}

function ofPolicy(before: Json | undefined, after: Json | undefined): Weakening[] {
  if (before === undefined) return []
  const own = { subject: 'policy', type: 'policy' }
  return after === undefined
    ? [{ ...own, term: 'existence', path: '*', words: 'the policy itself', before: 'there', after: null }]
    : compare(own, before, after)
}

/** What is ordered, by its order; everything else as it is. */
function compare(own: Subject, before: Json | undefined, after: Json | undefined): Weakening[] {
  const { look, rows, exempt, added } = placesIn(own.type)
  const unordered = differences(before, after, look)
    .filter((found) => !isNameOfEntry(found))
    .map((found) => held(own, termOf(own.type), nothingSaid(found.path), found))
  return [...rows.flatMap((row) => byOrder(row, own, before, after)), ...unordered].filter(
    ({ path }) => !exempt.covers(path) && !isInNewEntry(path, added, before),
  )
}

/** What names an entry of a list comes and goes with the entry. */
const isNameOfEntry = ({ path, before, after }: Difference): boolean =>
  (before === undefined || after === undefined) && /\]\.(Id|Sid|RuleName|PolicyName)$/.test(path)

/** Whether a place lies in an entry that was not there, of a list in which another entry protects more. */
function isInNewEntry(path: string, added: Places, before: Json | undefined): boolean {
  if (!added.covers(path)) return false
  const steps = path.split('.')
  return steps.some((_, at) => {
    const entry = steps.slice(0, at + 1).join('.')
    return added.has(entry) && valuesAt(before, entry).length === 0
  })
}

/** How a type is walked: not into what a row orders, nor into what is harmless. */
function placesIn(type: string) {
  const known = PLACES.get(type)
  if (known) return known
  const rows = rowsOf(type)
  const free = placesOf(harmlessIn(type).map(({ path }) => path))
  const ordered = placesOf(rows.map(({ path }) => path))
  const added = placesOf(moreProtectsIn(type).map(({ path }) => path))
  const look: Look = (path) => {
    if (ordered.covers(path) || free.covers(path)) return 'skip'
    // Where one side has nothing, the whole is one difference, but for what rows inside order.
    return ordered.reachesInto(path) && !added.has(path) ? 'inside' : 'whole'
  }
  const places = { look, rows, exempt: placesOf(wholeHarmlessIn(type).map(({ path }) => path)), added }
  PLACES.set(type, places)
  return places
}
const PLACES = new Map<string, { look: Look; rows: readonly ProtectionRow[]; exempt: Places; added: Places }>()

function byOrder(row: ProtectionRow, own: Subject, before: Json | undefined, after: Json | undefined): Weakening[] {
  const { path, term, words, whenAbsent } = row
  const found = [before, after].map((properties) => valuesAt(properties, path))
  const [old, now] = found.map((values) => new Map(values.map((one) => [one.path, one.value] as const)))
  if (!old || !now) return []
  const places = new Set([...old.keys(), ...now.keys(), ...(whenAbsent === undefined ? [] : [path])])
  return [...places]
    .filter((at) => {
      const [was, is] = [orDefault(old.get(at), whenAbsent), orDefault(now.get(at), whenAbsent)]
      return weakens(judgement(row, before, after), was, is)
    })
    .map((at) => ({ ...own, term, path: at, words, before: old.get(at) ?? null, after: now.get(at) ?? null }))
}

/** An empty list is as good as none. */
export const orDefault = (value: Json | undefined, whenAbsent: Json | undefined): Json | undefined =>
  value === undefined || (Array.isArray(value) && value.length === 0) ? (whenAbsent ?? value) : value

const judgement = (row: ProtectionRow, before: Properties | Json, after: Properties | Json) => ({
  order: row.order,
  ...(row.strongestFirst && { strongestFirst: row.strongestFirst }),
  beside: [before, after] as const,
})

const held = (own: Subject, term: Term, words: string, { path, before, after }: Difference): Weakening => ({
  ...own,
  term,
  path,
  words,
  before: before ?? null,
  after: after ?? null,
})

const gone = (subject: string, { Type }: Resource): Weakening => ({
  term: 'existence',
  subject,
  type: Type,
  path: '*',
  words: 'the resource itself',
  before: 'there',
  after: null,
})
