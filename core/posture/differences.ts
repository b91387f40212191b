import { canonicalJson } from '../evidence/canonical-json'
import { isJsonObject, type Json } from '../json'
import { entryNames } from './values-at'

/** Two values that are not the same, at the same place; undefined where there is nothing. */
export interface Difference {
  readonly path: string
  readonly before: Json | undefined
  readonly after: Json | undefined
}

/** What to do at a place: look no further, or look inside even where one side has nothing there. */
export type Look = (path: string) => 'skip' | 'inside' | 'whole'

/** Every place at which two values differ: as deep as both have something, and no deeper unless `look` asks for it. */
export function differences(
  before: Json | undefined,
  after: Json | undefined,
  look: Look,
  path = '',
): readonly Difference[] {
  if (before === after) return []
  const how = path === '' ? 'inside' : look(path)
  if (how === 'skip') return []
  const both = before !== undefined && after !== undefined
  if (both || how === 'inside') {
    const [old, now] = [partsOf(before), partsOf(after)]
    if (sameShape(before, after) && old && now)
      return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) =>
        differences(old.get(name), now.get(name), look, path === '' ? name : `${path}.${name}`),
      )
  }
  return both && canonicalJson(before) === canonicalJson(after) ? [] : [{ path, before, after }]
}

/** Lists compare with lists, objects with objects, and nothing with either. A reference is one value, whatever it holds. */
const sameShape = (before: Json | undefined, after: Json | undefined): boolean =>
  before === undefined || after === undefined || Array.isArray(before) === Array.isArray(after)

function partsOf(value: Json | undefined): ReadonlyMap<string, Json> | undefined {
  if (value === undefined) return new Map()
  if (Array.isArray(value)) {
    const entries: readonly Json[] = value
    const names = entryNames(entries)
    return new Map(entries.map((entry, at) => [names[at] ?? '', entry]))
  }
  return isJsonObject(value) && !isReference(value) ? new Map(Object.entries(value)) : undefined
}

/** What CloudFormation resolves later. */
export const isReference = (value: { readonly [name: string]: Json }): boolean => {
  const [name, ...others] = Object.keys(value)
  return others.length === 0 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::'))
}
