import type { Json } from '../json'
import type { Assembly, Resource } from './assembly'
import { PROMISES, PROTECTIONS, type ProtectionRow, type Term } from './protections'
import { valuesAt } from './values-at'
import { weakens } from './weakens'

/** One protection that is weaker in the newer assembly. */
export interface Weakening {
  readonly term: Term
  /** `stack/logical id`, or `policy`. */
  readonly subject: string
  /** Type of the resource, or `policy`. */
  readonly type: string
  /** Property or field; `*` for the resource as a whole. */
  readonly path: string
  readonly words: string
  /** Null: not there. */
  readonly before: Json
  readonly after: Json
}

const PROTECTIVE = new Set(PROTECTIONS.map(({ type }) => type))

/**
 * Everything by which the newer assembly protects less than the older one, in the terms of the procedure. Grows with the
 * number of resources; what is only in the newer one weakens nothing.
 */
export function weakenings(older: Assembly, newer: Assembly): Weakening[] {
  return [...older.stacks.flatMap((stack) => ofStack(stack, newer)), ...ofPromises(older.policy, newer.policy)]
}

function ofStack(older: Assembly['stacks'][number], newer: Assembly): Weakening[] {
  const same = newer.stacks.find(({ stack }) => stack === older.stack)
  return Object.entries(older.resources).flatMap(([id, resource]) => {
    if (!PROTECTIVE.has(resource.Type)) return []
    const subject = `${older.stack}/${id}`
    const after = same?.resources[id]
    if (after?.Type !== resource.Type) return [gone(subject, resource)]
    return PROTECTIONS.filter(({ type }) => type === resource.Type).flatMap((row) =>
      compare(row, { subject, type: resource.Type }, resource.Properties, after.Properties),
    )
  })
}

function ofPromises(before: Json | undefined, after: Json | undefined): Weakening[] {
  if (before === undefined) return []
  return PROMISES.flatMap((row) => compare(row, { subject: 'policy', type: 'policy' }, before, after))
}

function compare(
  { path, term, order, words, whenAbsent }: Omit<ProtectionRow, 'type'>,
  { subject, type }: { readonly subject: string; readonly type: string },
  before: Json | undefined,
  after: Json | undefined,
): Weakening[] {
  const valuesOf = (held: Json | undefined) =>
    new Map([
      ...(whenAbsent === undefined ? [] : [[path, whenAbsent] as const]),
      ...valuesAt(held, path).map((found) => [found.path, found.value] as const),
    ])
  const [old, now] = [valuesOf(before), valuesOf(after)]
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((at) => weakens(order, old.get(at), now.get(at)))
    .map((at) => ({ term, subject, type, path: at, words, before: old.get(at) ?? null, after: now.get(at) ?? null }))
}

const gone = (subject: string, { Type }: Resource): Weakening => ({
  term: 'existence',
  subject,
  type: Type,
  path: '*',
  words: 'the resource itself',
  before: 'there',
  after: null,
})
