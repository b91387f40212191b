import { canonicalJson } from '../evidence/canonical-json'
import { isJsonObject, type Json } from '../json'

/** One action that a statement allows or denies, with everything that narrows it. */
interface Grant {
  readonly action: string
  readonly resources: ReadonlySet<string>
  /** Who: undefined where the document hangs on whoever it is for. */
  readonly principals: ReadonlySet<string>
  readonly conditions: ReadonlySet<string>
  /** `NotAction`, `NotResource` and the like, which turn a set around: only equal ones compare. */
  readonly rest: string
}

/** Whether a policy document allows something that the older one did not, or no longer denies what that denied. */
export function opensMore(before: Json | undefined, after: Json | undefined): boolean {
  const [old, now] = [grantsOf(before), grantsOf(after)]
  return (
    !now.allowed.every((grant) => old.allowed.some((one) => within(grant, one))) ||
    !old.denied.every((denial) => now.denied.some((one) => within(denial, one))) ||
    // An older version reads variables as plain texts.
    (versionOf(before) !== undefined && versionOf(before) !== versionOf(after) && versionOf(after) !== undefined)
  )
}

/** Whether a policy document no longer allows something that the older one did. */
export const allowsLess = (before: Json | undefined, after: Json | undefined): boolean =>
  !grantsOf(before).allowed.every((grant) => grantsOf(after).allowed.some((one) => within(grant, one)))

/** Of no document none is asked. */
const versionOf = (document: Json | undefined): Json | undefined =>
  isJsonObject(document) && 'Statement' in document ? (document['Version'] ?? 'none') : undefined

/** Whether one grant says nothing that another does not say too: the same action, on no more, to no more, under no less. */
const within = (one: Grant, other: Grant): boolean =>
  one.action === other.action &&
  one.rest === other.rest &&
  isWithin(one.resources, other.resources) &&
  isWithin(one.principals, other.principals) &&
  isWithin(other.conditions, one.conditions)

const isWithin = (some: ReadonlySet<string>, all: ReadonlySet<string>): boolean =>
  [...some].every((entry) => all.has(entry))

interface Grants {
  readonly allowed: readonly Grant[]
  readonly denied: readonly Grant[]
}

/** What a document allows and denies. One that changes is compared again and again with the same older one. */
function grantsOf(document: Json | undefined): Grants {
  if (!isJsonObject(document)) return NONE
  const known = KNOWN.get(document)
  if (known) return known
  const statements = 'Statement' in document ? listOf(document['Statement']) : [document]
  const of = (effect: string) => statements.flatMap((statement) => grantsIn(statement, effect))
  const grants = { allowed: of('Allow'), denied: of('Deny') }
  KNOWN.set(document, grants)
  return grants
}
const NONE: Grants = { allowed: [], denied: [] }
const KNOWN = new WeakMap<object, Grants>()

function grantsIn(statement: Json, effect: string): Grant[] {
  if (!isJsonObject(statement)) return []
  const { Sid: _, Effect, Action, Resource, Principal, Condition, ...rest } = statement
  if (Effect !== effect) return []
  const narrowed = {
    resources: textsOf(Resource),
    principals: principalsOf(Principal),
    conditions: conditionsOf(Condition),
    rest: canonicalJson(rest),
  }
  // With `NotAction` the statement is one grant, of everything but that.
  return (Action === undefined ? [''] : [...textsOf(Action)]).map((action) => ({ action, ...narrowed }))
}

/** What is not said is not the same as a list of nothing: a statement without a resource speaks of another set. */
const textsOf = (value: Json | undefined): ReadonlySet<string> =>
  new Set(
    value === undefined ? [NOT_SAID] : listOf(value).map((one) => (typeof one === 'string' ? one : canonicalJson(one))),
  )
const NOT_SAID = '(not said)'

const principalsOf = (value: Json | undefined): ReadonlySet<string> =>
  isJsonObject(value)
    ? new Set(Object.entries(value).flatMap(([kind, who]) => [...textsOf(who)].map((one) => `${kind}: ${one}`)))
    : textsOf(value)

/** Each test of a condition by itself: all have to hold, so that more of them open less. */
const conditionsOf = (value: Json | undefined): ReadonlySet<string> =>
  isJsonObject(value)
    ? new Set(
        Object.entries(value).flatMap(([operator, keys]) =>
          isJsonObject(keys)
            ? Object.entries(keys).map(([key, wanted]) => `${operator} ${key}: ${canonicalJson(wanted)}`)
            : [`${operator}: ${canonicalJson(keys)}`],
        ),
      )
    : new Set(value === undefined ? [] : [canonicalJson(value)])

const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]
