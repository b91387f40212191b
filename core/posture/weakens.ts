import { canonicalJson } from '../evidence/canonical-json'
import { isJsonObject, type Json } from '../json'
import type { Order } from './protections'

/** Whether a change from one value to another weakens; undefined is a property that is not there. */
export function weakens(order: Order, before: Json | undefined, after: Json | undefined): boolean {
  switch (order) {
    case 'no-less':
      return (
        before !== undefined && (after === undefined || sizeOf(after) < sizeOf(before) || !comparable(before, after))
      )
    case 'no-more':
      // A bound that vanishes is no bound any more; a switch that vanishes is off.
      if (after === undefined) return typeof before === 'number'
      if (before === undefined) return after === true
      return sizeOf(after) > sizeOf(before) || !comparable(before, after)
    case 'no-sooner':
      // Without a date nothing ever goes.
      return after !== undefined && (before === undefined || !(sizeOf(after) >= sizeOf(before)))
    case 'unchanged':
      return before !== undefined && (after === undefined || canonicalJson(before) !== canonicalJson(after))
    case 'no-new-entries':
      return !isWithin(entriesOf(after), entriesOf(before))
    case 'no-new-grants':
      return (
        !isWithin(grantsOf(after, 'Allow'), grantsOf(before, 'Allow')) ||
        !isWithin(grantsOf(before, 'Deny'), grantsOf(after, 'Deny'))
      )
  }
}

/** Numbers by themselves, switches as 0 and 1. What CloudFormation only knows later has no size. */
const sizeOf = (value: Json): number =>
  typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : Number.NaN

/** Of values without a size only equality is known. */
const comparable = (before: Json, after: Json): boolean =>
  !Number.isNaN(sizeOf(before) + sizeOf(after)) || canonicalJson(before) === canonicalJson(after)

const isWithin = (some: readonly string[], all: readonly string[]): boolean => {
  const known = new Set(all)
  return some.every((entry) => known.has(entry))
}

const entriesOf = (list: Json | undefined): string[] =>
  Array.isArray(list) ? list.map((entry) => canonicalJson(entry)) : []

/** Each action of each statement as a grant of its own, with everything else that the statement says. */
function grantsOf(document: Json | undefined, effect: 'Allow' | 'Deny'): string[] {
  if (!isJsonObject(document)) return []
  return listOf(document['Statement']).flatMap((statement) => {
    if (!isJsonObject(statement)) return []
    const { Sid: _, Action, Effect, ...where } = statement
    if (Effect !== effect) return []
    // With `NotAction` the statement is one grant, of everything but that.
    return Action === undefined
      ? [canonicalJson(where)]
      : listOf(Action).map((action) => canonicalJson({ action, ...where }))
  })
}

const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]
