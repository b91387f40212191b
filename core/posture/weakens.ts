import { canonicalJson } from '../evidence/canonical-json'
import { isJsonObject, type Json } from '../json'
import { worstGapHours } from '../policy/schedule'
import { allowsLess, opensMore } from './grants'
import type { ProtectionRow } from './protections'
import { textOf } from './text-of'

/** What a row judges by, and what stands beside the value in both versions, by which some orders turn. */
export interface Judgement extends Pick<ProtectionRow, 'order' | 'strongestFirst'> {
  readonly beside: readonly [Json | undefined, Json | undefined]
}

/** Whether a change from one value to another weakens; undefined is a property that is not there. */
export function weakens(
  { order, strongestFirst = [], beside }: Judgement,
  before: Json | undefined,
  after: Json | undefined,
): boolean {
  switch (order) {
    case 'no-less':
      return (
        before !== undefined && (after === undefined || sizeOf(after) < sizeOf(before) || !comparable(before, after))
      )
    case 'no-more':
      // A bound that vanishes is no bound any more; a switch that vanishes is off.
      if (after === undefined) return before !== undefined && typeof before !== 'boolean'
      if (before === undefined) return after === true
      return sizeOf(after) > sizeOf(before) || !comparable(before, after)
    case 'no-sooner':
      // Without a date nothing ever goes.
      return after !== undefined && (before === undefined || !(sizeOf(after) >= sizeOf(before)))
    case 'unchanged':
      return before !== undefined && !same(before, after)
    case 'exactly':
      return !same(before, after)
    case 'no-rarer':
      return before !== undefined && !same(before, after) && !(gapOf(after, beside[1]) <= gapOf(before, beside[0]))
    case 'no-harder-to-trip':
      return before !== undefined && !same(before, after) && !tripsSooner(before, after, beside)
    case 'no-weaker-word':
      return !same(before, after) && !(rankOf(strongestFirst, after) <= rankOf(strongestFirst, before))
    case 'no-new-entries':
      return !isWithin(entriesOf(after), entriesOf(before))
    case 'no-fewer-entries':
      return !isWithin(entriesOf(before), entriesOf(after))
    case 'no-fewer-calls':
      return before !== undefined && !namesAllCalls(before, after)
    case 'no-new-grants':
      return opensMore(before, after)
    case 'same-grants':
      return opensMore(before, after) || allowsLess(before, after)
  }
}

const same = (before: Json | undefined, after: Json | undefined): boolean =>
  before === after || (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after))

/** Numbers by themselves, also as texts, and switches as 0 and 1. What CloudFormation only knows later has no size. */
const sizeOf = (value: Json): number => {
  if (typeof value === 'boolean') return Number(value)
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : Number.NaN
}

/** Of values without a size only equality is known. */
const comparable = (before: Json, after: Json): boolean =>
  !Number.isNaN(sizeOf(before) + sizeOf(after)) || same(before, after)

/** A place in the list; behind its end for a word that is not in it. */
const rankOf = (strongestFirst: readonly string[], value: Json | undefined): number => {
  const at = strongestFirst.indexOf(textOf(value))
  return at === -1 ? Number.POSITIVE_INFINITY : at
}

/** Whether an alarm with the newer threshold rings at everything at which the older one rang. */
function tripsSooner(before: Json, after: Json | undefined, beside: Judgement['beside']): boolean {
  const [side, sideNow] = beside.map((held) => (isJsonObject(held) ? textOf(held['ComparisonOperator']) : ''))
  if (after === undefined || side !== sideNow || side === undefined) return false
  const [old, now] = [sizeOf(before), sizeOf(after)]
  if (side.startsWith('GreaterThan')) return now <= old
  return side.startsWith('LessThan') && now >= old
}

/** Longest pause of a schedule in hours, in the time zone that stands beside it; not a number where nobody can read it. */
function gapOf(schedule: Json | undefined, beside: Json | undefined): number {
  const text = textOf(schedule)
  const [, every, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(text) ?? []
  if (every !== undefined && unit !== undefined) return Number(every) * (HOURS[unit] ?? Number.NaN)
  try {
    return worstGapHours(text, (isJsonObject(beside) && textOf(beside['ScheduleExpressionTimezone'])) || 'UTC')
  } catch {
    return Number.NaN
  }
}
const HOURS: Readonly<Record<string, number>> = { minute: 1 / 60, hour: 1, day: 24 }

/** Whether a pattern names at least the calls that an older one named, and is the same otherwise. */
function namesAllCalls(before: Json, after: Json | undefined): boolean {
  const [was, is] = [callsApart(before), callsApart(after)]
  return same(was.rest, is.rest) && was.calls.every((names, at) => isWithin(entriesOf(names), entriesOf(is.calls[at])))
}

/** The names of calls of each alternative of a pattern, and the pattern without them. */
function callsApart(pattern: Json | undefined): {
  readonly rest: Json | undefined
  readonly calls: readonly (Json | undefined)[]
} {
  const detail = isJsonObject(pattern) ? pattern['detail'] : undefined
  const alternatives = isJsonObject(detail) ? detail['$or'] : undefined
  if (!isJsonObject(pattern) || !isJsonObject(detail) || !Array.isArray(alternatives))
    return { rest: pattern, calls: [] }
  const parts = alternatives.map((alternative: Json) => {
    if (!isJsonObject(alternative) || !Array.isArray(alternative['eventName'])) return { rest: alternative }
    return { rest: { ...alternative, eventName: [] }, calls: alternative['eventName'] }
  })
  return {
    rest: { ...pattern, detail: { ...detail, $or: parts.map(({ rest }) => rest) } },
    calls: parts.map(({ calls }) => calls),
  }
}

const isWithin = (some: readonly string[], all: readonly string[]): boolean => {
  const known = new Set(all)
  return some.every((entry) => known.has(entry))
}

const entriesOf = (list: Json | undefined): string[] => {
  const entries: readonly Json[] = Array.isArray(list) ? list : []
  return entries.map((entry) => canonicalJson(entry))
}
