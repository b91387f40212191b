import { z } from 'zod'
import { canonicalJson } from '../evidence/canonical-json'
import { isJsonObject, type Json } from '../json'
import type { Assembly, Resource } from './assembly'
import { isReference } from './differences'
import { placesOf } from './places'
import { HARMLESS_TYPES, wholeHarmlessIn } from './protections'
import { entryNames } from './values-at'

/** An assembly without whatever is harmless, so that it stays the same until its posture changes. */
export const postureOf = ({ stacks, policy }: Assembly): Assembly => ({
  stacks: stacks.map(({ resources, ...frame }) => ({
    ...frame,
    resources: Object.fromEntries(
      Object.entries(resources).flatMap(([id, resource]) =>
        resource.Type in HARMLESS_TYPES ? [] : [[id, heldOf(resource)] as const],
      ),
    ),
  })),
  ...(policy !== undefined && { policy: withoutHarmless('policy', policy) }),
})

function heldOf({ Type, Properties, DeletionPolicy, UpdateReplacePolicy, Condition }: Resource): Resource {
  const held = Properties && withoutHarmless(Type, Properties)
  return {
    Type,
    ...(isJsonObject(held) && { Properties: held }),
    ...(DeletionPolicy !== undefined && { DeletionPolicy }),
    ...(UpdateReplacePolicy !== undefined && { UpdateReplacePolicy }),
    ...(Condition !== undefined && { Condition }),
  }
}

function withoutHarmless(type: string, value: Json): Json {
  const free = placesOf(wholeHarmlessIn(type).map(({ path }) => path))
  const strip = (held: Json, path: string): Json => {
    if (Array.isArray(held)) {
      const entries: readonly Json[] = held
      const names = entryNames(entries)
      return entries.map((entry, at) => strip(entry, `${path}.${names[at] ?? ''}`))
    }
    if (!isJsonObject(held) || isReference(held)) return held
    return Object.fromEntries(
      Object.entries(held).flatMap(([name, inner]) => {
        const place = path === '' ? name : `${path}.${name}`
        return free.covers(place) ? [] : [[name, strip(inner, place)] as const]
      }),
    )
  }
  return strip(value, '')
}

/** A posture as text with a line for each resource, sorted: a change of one is a change of one line. */
export function renderPosture({ stacks, policy = null }: Assembly): string {
  const sorted = stacks.toSorted((a, b) => (a.stack < b.stack ? -1 : 1))
  const text = sorted.map(({ resources, ...frame }) => {
    const lines = Object.keys(resources)
      .toSorted()
      .map((id) => `${JSON.stringify(id)}: ${canonicalJson(plain(resources[id]))}`)
    return `{"frame": ${canonicalJson(plain(frame))},\n"resources": {\n${lines.join(',\n')}\n}}`
  })
  const fields = isJsonObject(policy)
    ? Object.keys(policy)
        .toSorted()
        .map((name) => `${JSON.stringify(name)}: ${canonicalJson(policy[name] ?? null)}`)
    : []
  return `{"stacks": [\n${text.join(',\n')}\n],\n"policy": {\n${fields.join(',\n')}\n}}\n`
}

/** As text and back: what is undefined has no place in JSON. */
const plain = (value: unknown): Json => z.json().parse(JSON.parse(JSON.stringify(value)))

const stored = z.strictObject({
  stacks: z.array(
    z.strictObject({
      frame: z.strictObject({
        stack: z.string(),
        region: z.string(),
        terminationProtection: z.boolean(),
        sections: z.record(z.string(), z.json()),
      }),
      resources: z.record(
        z.string(),
        z.strictObject({
          Type: z.string(),
          Properties: z.record(z.string(), z.json()).optional(),
          DeletionPolicy: z.string().optional(),
          UpdateReplacePolicy: z.string().optional(),
          Condition: z.string().optional(),
        }),
      ),
    }),
  ),
  policy: z.record(z.string(), z.json()),
})

/** What `renderPosture` wrote. Throws for anything else. */
export function parsePosture(text: string): Assembly {
  const { stacks, policy } = stored.parse(JSON.parse(text))
  return { stacks: stacks.map(({ frame, resources }) => ({ ...frame, resources })), policy }
}
