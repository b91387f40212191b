import { isJsonObject, type Json } from '../json'

/** A value with the place it was found at. */
export interface Found {
  /** For people: an entry of a list by its name where it has one. */
  readonly path: string
  /** For programs: names of properties and positions in lists. */
  readonly steps: readonly (string | number)[]
  readonly value: Json
}

/** What names an entry of a list, so that another order of the list is no change. */
const NAMES = [
  'RuleName',
  'Id',
  'Sid',
  'Key',
  'Region',
  'DestinationBackupVaultArn',
  'name',
  'id',
  'role',
  'PolicyName',
  'Name',
]

/**
 * Every value at a path, in which `*` stands for each entry of a list or object, `*Minutes` for those that end so, and `[name]` for the entries of a list with
 * that name. A property name that itself holds dots,
 * such as `rds.force_ssl`, is found too.
 */
export function valuesAt(value: Json | undefined, path: string): Found[] {
  return walk(value, path === '' ? [] : path.split(path.includes('[') ? BETWEEN_STEPS : '.'), { names: [], steps: [] })
}

/** A dot, but not in the name of an entry. */
const BETWEEN_STEPS = /\.(?![^[]*\])/

/** A name for each entry of a list, in brackets: its own, its position without one, and apart where two share one. */
export function entryNames(list: readonly Json[]): string[] {
  const times = new Map<string, number>()
  return list.map((entry, at) => {
    const name = nameOf(entry) ?? String(at)
    const before = times.get(name) ?? 0
    times.set(name, before + 1)
    return before === 0 ? `[${name}]` : `[${name}#${before + 1}]`
  })
}

interface Way {
  readonly names: readonly string[]
  readonly steps: Found['steps']
}
const onward = ({ names, steps }: Way, step: string | number, name = String(step)): Way => ({
  names: [...names, name],
  steps: [...steps, step],
})

function walk(value: Json | undefined, rest: readonly string[], way: Way): Found[] {
  if (value === undefined) return []
  const [head, ...tail] = rest
  if (head === undefined) return [{ path: way.names.join('.'), steps: way.steps, value }]
  if (Array.isArray(value)) {
    const entries: readonly Json[] = value
    const names = entryNames(entries)
    return entries.flatMap((entry, at) => {
      const name = names[at] ?? ''
      const meant = head === '*' || head === name || head === `[${nameOf(entry)}]`
      return meant ? walk(entry, tail, onward(way, at, name)) : []
    })
  }
  if (!isJsonObject(value)) return []
  if (head.includes('*'))
    return Object.entries(value)
      .filter(([name]) => head === '*' || startsAndEnds(name, head))
      .flatMap(([name, entry]) => walk(entry, tail, onward(way, name)))
  if (Object.hasOwn(value, head)) return walk(value[head], tail, onward(way, head))
  const whole = rest.join('.')
  return Object.hasOwn(value, whole) ? walk(value[whole], [], onward(way, whole)) : []
}

function startsAndEnds(name: string, pattern: string): boolean {
  const [start = '', end = ''] = pattern.split('*')
  return name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end)
}

function nameOf(entry: Json): string | undefined {
  if (!isJsonObject(entry)) return undefined
  return NAMES.map((name) => entry[name]).find((name) => typeof name === 'string')
}
