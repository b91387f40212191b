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
const NAMES = ['RuleName', 'Id', 'Sid', 'Key', 'Region', 'DestinationBackupVaultArn', 'name', 'id']

/**
 * Every value at a path, in which `*` stands for each entry of a list or object, and `[name]` for the entry of a list with
 * that name. A property name that itself holds dots,
 * such as `rds.force_ssl`, is found too.
 */
export function valuesAt(value: Json | undefined, path: string): Found[] {
  return walk(value, path === '' ? [] : path.split('.'), { names: [], steps: [] })
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
  if (Array.isArray(value))
    return value.flatMap((entry, at) => {
      const name = `[${nameOf(entry) ?? at}]`
      return head === '*' || head === name ? walk(entry, tail, onward(way, at, name)) : []
    })
  if (!isJsonObject(value)) return []
  if (head === '*') return Object.entries(value).flatMap(([name, entry]) => walk(entry, tail, onward(way, name)))
  if (head in value) return walk(value[head], tail, onward(way, head))
  const whole = rest.join('.')
  return whole in value ? walk(value[whole], [], onward(way, whole)) : []
}

function nameOf(entry: Json): string | undefined {
  if (!isJsonObject(entry)) return undefined
  return NAMES.map((name) => entry[name]).find((name) => typeof name === 'string')
}
