import { z } from 'zod'
import { RULES } from './rules'
import { policySchema, type Policy } from './schema'

interface SchemaNode {
  readonly description?: string
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode
  readonly oneOf?: readonly SchemaNode[]
  readonly anyOf?: readonly SchemaNode[]
}

export interface Explanation {
  readonly path: string
  readonly value: unknown
  /** From the schema; the last part names the unit. Of the nearest parent where the field has none of its own. */
  readonly meaning: string
  readonly rules: readonly { readonly id: string; readonly promise: string }[]
}

/** What stands at a dotted path, what it means and which rules read it; undefined where the policy has no such path. */
export function explain(policy: Policy, path: string): Explanation | undefined {
  const keys = path.split('.')
  let value: unknown = policy
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return { path, value, meaning: meaningOf(keys), rules: rulesOf(path) }
}

/** Every path of the policy that holds a plain value or a list of them. */
export function leafPaths(value: unknown, prefix = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [prefix]
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return [prefix]
  return Object.entries(value).flatMap(([key, inner]) => leafPaths(inner, prefix ? `${prefix}.${key}` : key))
}

/** The paths that look most like the one asked for. */
export function nearestPaths(policy: Policy, path: string, most = 3): readonly string[] {
  const ranked = leafPaths(policy).map((candidate) => ({ candidate, distance: editDistance(path, candidate) }))
  const last = path.split('.').at(-1)!.toLowerCase()
  const score = ({ candidate, distance }: (typeof ranked)[number]): number =>
    candidate.toLowerCase().includes(last) ? distance - 100 : distance
  return ranked
    .toSorted((a, b) => score(a) - score(b))
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

const rulesOf = (path: string) =>
  RULES.filter(({ reads }) =>
    reads.some((read) => read === path || read.startsWith(`${path}.`) || path.startsWith(`${read}.`)),
  ).map(({ id, promise }) => ({ id, promise }))

function meaningOf(keys: readonly string[]): string {
  let nodes: readonly SchemaNode[] = [z.toJSONSchema(policySchema, { io: 'input' }) as SchemaNode]
  let meaning = 'a section of the policy'
  for (const key of keys) {
    nodes = nodes.flatMap(variants).flatMap((node) => node.properties?.[key] ?? (node.items ? [node.items] : []))
    meaning = nodes.map(({ description }) => description).find(Boolean) ?? meaning
  }
  return meaning
}

const variants = (node: SchemaNode): readonly SchemaNode[] => node.oneOf ?? node.anyOf ?? [node]

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
