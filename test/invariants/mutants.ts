import type { StackTemplate } from '../../core/posture/assembly'
import { weakenings } from '../../core/posture/diff'
import { mutantsOf, type Mutant } from '../../core/posture/mutants'
import { baselineOf, losses, type ReplacingProperties } from '../../core/posture/replacement'
import { STATEFUL } from '../../core/posture/stateful'
import type { SynthesizedStack } from '../lib/synth'
import * as rules from './rules'

/** A kind of mutant that may stay unseen, and why. */
export interface Survivor {
  readonly type: string
  readonly path: string
  readonly reason: string
}

/** Who saw what, after everything was made worse once. */
export interface Verdict {
  readonly mutants: number
  /** How many mutants each judge saw. */
  readonly seen: ReadonlyMap<string, number>
  /** Kinds that nobody saw and that are justified. */
  readonly justified: readonly Survivor[]
  /** Kinds that nobody saw and nothing justifies, each with an example. */
  readonly open: ReadonlyMap<string, string>
  /** Justifications of what is seen, or does not exist. */
  readonly idle: readonly Survivor[]
}

/** Makes every protection of the templates worse, one at a time, and shows it to the ratchet, the invariants and the gate. */
export function judgeMutants(
  stacks: readonly StackTemplate[],
  survivors: readonly Survivor[],
  replacing: ReplacingProperties,
): Verdict {
  const seen = new Map<string, number>()
  const open = new Map<string, string>()
  const used = new Set<Survivor>()
  let mutants = 0
  for (const stack of stacks)
    for (const [id, resource] of Object.entries(stack.resources))
      for (const mutant of mutantsOf(resource)) {
        mutants += 1
        const judges = new Set(caughtBy(stack, id, mutant, replacing))
        for (const judge of judges) seen.set(judge, (seen.get(judge) ?? 0) + 1)
        if (judges.size > 0) continue
        const survivor = survivors.find(({ type, path }) => type === resource.Type && path === mutant.path)
        if (survivor) used.add(survivor)
        else open.set(`${resource.Type} ${mutant.path}`, `${stack.stack}/${id}: ${mutant.change}`)
      }
  return { mutants, seen, justified: [...used], open, idle: survivors.filter((survivor) => !used.has(survivor)) }
}

/** Invariants that judge a resource by itself, in plain words. */
const INVARIANTS: readonly (readonly [string, rules.Rule])[] = [
  ['what holds data is retained', rules.retained],
  ['what holds data is protected from deletion', rules.protectedFromDeletion],
  ['everything at rest is encrypted with a customer key', rules.encryptedWithCustomerKey],
  ['logs expire', rules.logsExpire],
  ['no statement allows a wildcard action', rules.noWildcardActions],
  ['role names carry their region', rules.rolesCarryTheirRegion],
]

/** Who sees that a resource of a stack became a mutant, in plain words; an empty list is a survivor. */
function caughtBy(
  { stack, region, resources }: StackTemplate,
  id: string,
  { resource }: Mutant,
  replacing: ReplacingProperties,
): string[] {
  const holding = (held: StackTemplate['resources'][string] | undefined) => ({
    stacks: [{ stack, region, resources: held ? { [id]: held } : {} }],
  })
  const [before, after] = [holding(resources[id]), holding(resource)]
  const weaker = weakenings(before, after)
  const lost = losses(baselineOf(before.stacks, replacing), baselineOf(after.stacks, replacing), replacing)
  const broken = resource
    ? INVARIANTS.filter(([, rule]) => rule([alone(stack, region, id, resource)]).length > 0).map(([words]) => words)
    : STATEFUL.includes(resources[id]!.Type)
      ? ['logical ids of what holds data never change by accident']
      : []
  return [
    ...weaker.map(({ term, words }) => `ratchet, ${term}: ${words}`),
    ...(lost.length > 0 ? ['replacement gate: what holds data is neither deleted nor replaced'] : []),
    ...broken.map((words) => `invariant: ${words}`),
  ]
}

const alone = (
  name: string,
  region: string,
  id: string,
  resource: StackTemplate['resources'][string],
): SynthesizedStack => ({
  name,
  region,
  terminationProtection: true,
  template: { Resources: { [id]: resource } },
  lookups: [],
  dependencies: [],
})
