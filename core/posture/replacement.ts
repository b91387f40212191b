import { canonicalJson } from '../evidence/canonical-json'
import type { Json } from '../json'
import type { Resource, StackTemplate } from './assembly'
import { STATEFUL } from './stateful'

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

/** Every stateful resource that a deployment of `now` over `before` would delete or replace, each in one sentence. */
export const losses = (before: Baseline, now: Baseline, replacing: ReplacingProperties): string[] =>
  Object.entries(before).flatMap(([id, old]) => {
    const { [id]: after } = now
    if (!after) return [`${id} (${old.type}) would be deleted, or left without a stack`]
    if (after.type !== old.type) return [`${id} would be replaced: it becomes a ${after.type}, and is a ${old.type}`]
    if (after.region !== old.region)
      return [`${id} (${old.type}) would be replaced: it moves from ${old.region} to ${after.region}`]
    return changed(old, after).map(
      (name) =>
        `${id} (${old.type}) ${replacing(old.type).get(name) === 'yes' ? 'would' : 'may'} be replaced: ` +
        `${name} changes from ${textOf(old.properties[name])} to ${textOf(after.properties[name])}`,
    )
  })

/** Stateful resources that no baseline holds yet. */
export const unheld = (before: Baseline, now: Baseline): string[] => Object.keys(now).filter((id) => !(id in before))

const changed = (old: BaselineResource, now: BaselineResource): string[] =>
  [...new Set([...Object.keys(old.properties), ...Object.keys(now.properties)])].filter(
    (name) => textOf(old.properties[name]) !== textOf(now.properties[name]),
  )

const textOf = (value: Json | undefined): string => (value === undefined ? 'nothing' : canonicalJson(value))
