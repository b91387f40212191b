import { isJsonObject, type Json } from '../json'

/** A value with the path it was found at. */
export interface Found {
  readonly path: string
  readonly value: Json
}

/** What names an entry of a list, so that another order of the list is no change. */
const NAMES = ['RuleName', 'Id', 'Sid', 'Region', 'DestinationBackupVaultArn', 'name', 'id']

/**
 * Every value at a path, in which `*` stands for each entry of a list or object. A property name that itself holds dots,
 * such as `rds.force_ssl`, is found too.
 */
export function valuesAt(value: Json | undefined, path: string): Found[] {
  return walk(value, path === '' ? [] : path.split('.'), [])
}

function walk(value: Json | undefined, rest: readonly string[], gone: readonly string[]): Found[] {
  if (value === undefined) return []
  const [head, ...tail] = rest
  if (head === undefined) return [{ path: gone.join('.'), value }]
  if (Array.isArray(value))
    return head === '*' ? value.flatMap((entry, at) => walk(entry, tail, [...gone, `[${nameOf(entry) ?? at}]`])) : []
  if (!isJsonObject(value)) return []
  if (head === '*') return Object.entries(value).flatMap(([name, entry]) => walk(entry, tail, [...gone, name]))
  if (head in value) return walk(value[head], tail, [...gone, head])
  const whole = rest.join('.')
  return whole in value ? walk(value[whole], [], [...gone, whole]) : []
}

function nameOf(entry: Json): string | undefined {
  if (!isJsonObject(entry)) return undefined
  return NAMES.map((name) => entry[name]).find((name) => typeof name === 'string')
}
