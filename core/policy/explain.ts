import { z } from 'zod'
import { hasKeys, valueAt } from './at-path'
import { RULES } from './rules'
import { policySchema, type Policy } from './schema'

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
  const value = valueAt(policy, keys)
  if (value === undefined) return undefined
  return { path, value, meaning: meaningOf(keys), rules: rulesOf(path) }
}

/** Every path of the policy that holds a plain value or a list of them. */
export function leafPaths(value: unknown, prefix = ''): readonly string[] {
  if (!hasKeys(value)) return [prefix]
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

let schema: unknown
/** Made once: it takes as long as everything else here together, for every field that is asked for. */
const jsonSchema = (): unknown => (schema ??= z.toJSONSchema(policySchema, { io: 'input' }))

function meaningOf(keys: readonly string[]): string {
  let nodes: readonly unknown[] = [jsonSchema()]
  let meaning = 'a section of the policy'
  for (const key of keys) {
    nodes = nodes.flatMap(variants).flatMap((node) => inside(node, key) ?? [])
    meaning = nodes.map((node) => valueAt(node, ['description'])).find((text) => typeof text === 'string') ?? meaning
  }
  return meaning
}

/** The nodes of a JSON schema that a union stands for. */
function variants(node: unknown): readonly unknown[] {
  const union = valueAt(node, ['oneOf']) ?? valueAt(node, ['anyOf'])
  return Array.isArray(union) ? union : [node]
}

/** The node of a property, or of every item of a list. */
const inside = (node: unknown, key: string): unknown => valueAt(node, ['properties', key]) ?? valueAt(node, ['items'])

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
