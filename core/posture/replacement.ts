import { canonicalJson } from '../evidence/canonical-json'
import type { Json } from '../json'
import type { Resource, StackTemplate } from './assembly'
import { STATEFUL, STATELESS } from './stateful'

/** Properties of a type whose change makes CloudFormation replace the resource: always (`yes`), or depending (`maybe`). */
export type ReplacingProperties = (type: string) => ReadonlyMap<string, 'yes' | 'maybe'>

/** What a deployment must not touch, by `stack/logical id`. */
export type Baseline = Readonly<Record<string, BaselineResource>>
export interface BaselineResource {
  readonly type: string
  readonly region: string
  /** Only those whose change replaces. */
  readonly properties: { readonly [name: string]: Json }
}

/** Everything stateful of the templates, as far as a change of it would replace it. */
export const baselineOf = (stacks: readonly StackTemplate[], replacing: ReplacingProperties): Baseline =>
  Object.fromEntries(
    stacks
      .flatMap(({ stack, region, resources }) =>
        Object.entries(resources)
          .filter(([, { Type }]) => STATEFUL.includes(Type))
          .map(([id, resource]) => [`${stack}/${id}`, entryOf(region, resource, replacing)] as const),
      )
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )

function entryOf(
  region: string,
  { Type, Properties = {} }: Resource,
  replacing: ReplacingProperties,
): BaselineResource {
  const names = [...replacing(Type).keys()].toSorted()
  return {
    type: Type,
    region,
    properties: Object.fromEntries(
      names.flatMap((name) => {
        const value = Properties[name]
        return value === undefined ? [] : [[name, value] as const]
      }),
    ),
  }
}

/** Data that a deployment would delete or replace; named as a change record names it. */
export interface Loss {
  /** `stack/logical id`. */
  readonly subject: string
  /** Property that replaces it; `*` where it goes as a whole. */
  readonly path: string
  readonly before: Json
  readonly after: Json
  readonly sentence: string
}

/** Every stateful resource that a deployment of `now` over `before` would delete or replace. */
export const losses = (before: Baseline, now: Baseline, replacing: ReplacingProperties): Loss[] =>
  Object.entries(before).flatMap(([subject, old]): Loss[] => {
    const { [subject]: after } = now
    const gone = { subject, path: '*', before: 'there', after: null }
    if (!after) return [{ ...gone, sentence: `${subject} (${old.type}) would be deleted, or left without a stack` }]
    if (after.type !== old.type)
      return [{ ...gone, sentence: `${subject} would be replaced: it becomes a ${after.type}, and is a ${old.type}` }]
    if (after.region !== old.region)
      return [
        {
          ...gone,
          path: 'region',
          before: old.region,
          after: after.region,
          sentence: `${subject} (${old.type}) would be replaced: it moves from ${old.region} to ${after.region}`,
        },
      ]
    return changed(old, after).map((path) => ({
      subject,
      path,
      before: old.properties[path] ?? null,
      after: after.properties[path] ?? null,
      sentence:
        `${subject} (${old.type}) ${replacing(old.type).get(path) === 'yes' ? 'would' : 'may'} be replaced: ` +
        `${path} changes from ${textOf(old.properties[path])} to ${textOf(after.properties[path])}`,
    }))
  })

/** Types of resources of which nobody has said yet whether they hold data. */
export const unknownTypes = (stacks: readonly StackTemplate[]): string[] =>
  [...new Set(stacks.flatMap(({ resources }) => Object.values(resources).map(({ Type }) => Type)))]
    .filter((type) => !STATEFUL.includes(type) && !STATELESS.has(type))
    .toSorted()

/** Stateful resources that no baseline holds yet. */
export const unheld = (before: Baseline, now: Baseline): string[] => Object.keys(now).filter((id) => !(id in before))

const changed = (old: BaselineResource, now: BaselineResource): string[] =>
  [...new Set([...Object.keys(old.properties), ...Object.keys(now.properties)])].filter(
    (name) => textOf(old.properties[name]) !== textOf(now.properties[name]),
  )

const textOf = (value: Json | undefined): string => (value === undefined ? 'nothing' : canonicalJson(value))
