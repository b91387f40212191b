import { z } from 'zod'
import type { Json } from '../../../core/json'
import { policySchema } from '../../../core/policy/schema'
import { assertFeasible, parsePolicy, PolicyError } from '../../../core/policy'
import type { Assembly } from '../../../core/posture/assembly'
import { weakenings } from '../../../core/posture/diff'
import { NOT_OPTIONAL, SWITCHES, switchStates } from '../../../core/posture/switches'
import { valuesAt } from '../../../core/posture/values-at'
import { resolvePolicy } from '../../../policy'
import { synthesize } from '../../lib/synth'
import { PRESETS } from '../../policy/presets'

const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
const policy = resolvePolicy('production')
const withReason = (off: Json): Json =>
  JSON.parse(JSON.stringify(off).replace('<why>', 'somebody has to write at least one sentence here')) as Json

/** The policy with a value at every place of a path. */
function changed(path: string, value: Json): unknown {
  const copy = copyOf(policy) as unknown as { [name: string]: unknown }
  for (const { steps } of valuesAt(copy as Json, path)) {
    const [last, ...way] = steps.toReversed()
    const at = way.toReversed().reduce<{ [name: string]: unknown }>((inner, step) => inner[step] as never, copy)
    at[last!] = value
  }
  return copy
}

it.each(SWITCHES)('$feature: $path is a field, and takes what turns it off', ({ path, off }) => {
  expect(valuesAt(copyOf(policy) as unknown as Json, path).length).toBeGreaterThan(0)
  expect(policySchema.safeParse(changed(path, withReason(off))).error).toBeUndefined()
})

it('a value that the field does not know would be noticed', () => {
  expect(policySchema.safeParse(changed('restoreTesting', { mode: 'sometimes' })).success).toBe(false)
})

it('says how each stands', () => {
  const standing = (of: typeof policy) =>
    Object.fromEntries(switchStates(of).map(({ path, on, places }) => [path, [on, places]]))
  expect(standing(policy)).toMatchObject({
    'database.multiAz': [1, 1],
    'mechanisms.delayedReplica': [0, 1],
    'backup.vaults.*.lock': [3, 3],
    'archive.classes.*': [3, 5],
  })
  expect(standing(PRESETS['us-east-2'])).toMatchObject({ 'mechanisms.crossRegionPointInTime': [1, 1] })
})

/** Every field that can be given up with a reason, read from the schema. */
function* optOuts(node: unknown, path: readonly string[] = []): Generator<string> {
  const { oneOf, anyOf, properties, items, additionalProperties } = node as { readonly [key: string]: unknown }
  const variants = (oneOf ?? anyOf ?? []) as readonly { readonly properties?: { readonly [name: string]: unknown } }[]
  if (variants.some((variant) => variant.properties?.['mode'] && variant.properties['reason'])) yield path.join('.')
  for (const variant of variants) yield* optOuts(variant, path)
  for (const [name, inner] of Object.entries(properties ?? {})) yield* optOuts(inner, [...path, name])
  for (const each of [items, additionalProperties])
    if (typeof each === 'object' && each !== null) yield* optOuts(each, [...path, '*'])
}

it('every field that can be given up with a reason is a switch', () => {
  const listed = SWITCHES.map(({ path }) => path)
  const matches = (path: string) =>
    listed.some((pattern) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`).test(path))
  const missing = [...new Set(optOuts(z.toJSONSchema(policySchema, { io: 'input' })))].filter((path) => !matches(path))
  expect(missing.toSorted()).toEqual(
    [
      // Who may open a vault is no feature with a cost: nobody is the stricter choice.
      'backup.vaultAccess',
      // Gone together with the copies that it locks.
      'backup.secondAccount.lock',
      // What a drill on a laptop does.
      'rehearsal.applicationTier',
    ].toSorted(),
  )
})

const synthesized = (of: typeof policy): Assembly => ({
  stacks: synthesize(of).map(({ name, region, template }) => ({
    stack: name,
    region,
    resources: copyOf(template.Resources) as Assembly['stacks'][number]['resources'],
  })),
})

describe('what turning it off does to production', () => {
  const before = synthesized(policy)

  /** Rules that refuse the policy, or what the ratchet names in its stacks. */
  function turnedOff(
    path: string,
    off: Json,
  ): { readonly refusedBy?: readonly string[]; readonly gone?: readonly string[] } {
    try {
      const now = parsePolicy(changed(path, withReason(off)))
      assertFeasible(now)
      return { gone: weakenings(before, synthesized(now)).map((one) => `${one.type} ${one.path}`) }
    } catch (error) {
      return { refusedBy: error instanceof PolicyError ? error.problems.map(({ rule }) => rule) : ['feasibility'] }
    }
  }

  it.each(SWITCHES)('$feature', ({ path, off, effect }) => {
    if ('off' in effect) {
      expect(switchStates(policy).find((state) => state.path === path)).toMatchObject({ on: 0 })
      return
    }
    const { refusedBy, gone } = turnedOff(path, off)
    if ('refusedBy' in effect) expect(refusedBy).toContain(effect.refusedBy)
    else if ('gone' in effect) expect(gone).toContain(effect.gone)
    else expect(gone).toEqual([])
  })

  it.each(NOT_OPTIONAL)('$feature is there', ({ type, property }) => {
    const held = before.stacks.flatMap(({ resources }) => Object.values(resources)).filter(({ Type }) => Type === type)
    expect(held.filter(({ Properties }) => !property || valuesAt(Properties, property).length > 0)).not.toEqual([])
  })
})
