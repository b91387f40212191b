import type { Resource, StackTemplate } from '../../core/posture/assembly'
import { ofResource } from '../../core/posture/diff'
import { mutantsOf, UNASKED } from '../../core/posture/mutants'
import { placesOf, type Places } from '../../core/posture/places'
import { HARMLESS_TYPES, harmlessIn, rowsOf, wholeHarmlessIn } from '../../core/posture/protections'
import { baselineOf, losses, type ReplacingProperties } from '../../core/posture/replacement'
import { STATEFUL } from '../../core/posture/stateful'
import type { SynthesizedStack } from '../lib/synth'
import * as rules from './rules'

/** Kinds of mutants that may stay unseen, and why: a type, a place in it, and what is done there. */
export interface Survivors {
  readonly reason: string
  /** Such as `AWS::RDS::DBInstance MonitoringInterval is one less`. */
  readonly kinds: readonly string[]
}

/** Who saw what, after everything was changed once. */
export interface Verdict {
  readonly mutants: number
  /** How many mutants each judge saw. */
  readonly seen: ReadonlyMap<string, number>
  /** Kinds that nobody saw and that are justified. */
  readonly justified: readonly string[]
  /** How many mutants nobody saw because the register holds their place to be harmless, by its reason. */
  readonly harmless: ReadonlyMap<string, number>
  /** Kinds that nobody saw and nothing justifies, each with an example. */
  readonly open: ReadonlyMap<string, string>
  /** Justifications of what is seen, or does not exist. */
  readonly idle: readonly string[]
}

/** One mutant as it is judged: what stands before and after at a place. */
interface Case {
  readonly kind: { readonly type: string; readonly path: string; readonly change: string }
  readonly judges: readonly string[]
  readonly at: string
}

/** Changes one thing at a time in everything, and shows it to the ratchet, the replacement gate and the invariants. */
export const judgeMutants = (
  stacks: readonly StackTemplate[],
  survivors: readonly Survivors[],
  replacing: ReplacingProperties,
): Verdict => verdictOf(casesOf(stacks, replacing), survivors)

/** Counts cases and sorts those that nobody saw. */
export function verdictOf(cases: Iterable<Case>, survivors: readonly Survivors[]): Verdict {
  const reasons = new Set(survivors.flatMap(({ kinds }) => kinds))
  const seen = new Map<string, number>()
  const harmless = new Map<string, number>()
  const open = new Map<string, string>()
  const used = new Set<string>()
  let mutants = 0
  for (const { kind, judges, at } of cases) {
    mutants += 1
    for (const judge of new Set(judges)) seen.set(judge, (seen.get(judge) ?? 0) + 1)
    if (judges.length > 0) continue
    const key = keyOf(kind)
    const because = reasons.has(key) ? undefined : harmlessBecause(kind)
    if (reasons.has(key)) used.add(key)
    else if (because !== undefined) harmless.set(because, (harmless.get(because) ?? 0) + 1)
    else open.set(key, at)
  }
  return {
    mutants,
    seen,
    harmless,
    justified: [...used],
    open,
    idle: [...reasons].filter((kind) => !used.has(kind)),
  }
}

const keyOf = ({ type, path, change }: Case['kind']): string => `${type} ${path} ${change}`

function* casesOf(stacks: readonly StackTemplate[], replacing: ReplacingProperties): Generator<Case> {
  for (const stack of stacks) {
    for (const [id, resource] of Object.entries(stack.resources)) {
      const judged = judgesOf(stack, id, resource, replacing)
      for (const { path, change, resource: mutant } of mutantsOf(resource))
        yield { kind: { type: resource.Type, path, change }, judges: judged(mutant), at: `${stack.stack}/${id}` }
    }
    for (const [what, resource] of Object.entries(UNASKED))
      yield {
        kind: { type: resource.Type, path: '*', change: 'is added' },
        judges: ratchet(ofResource(`${stack.stack}/Unasked`, undefined, resource)),
        at: `${stack.stack}: ${what}`,
      }
  }
}

function harmlessBecause({ type, path }: Case['kind']): string | undefined {
  if (type in HARMLESS_TYPES) return `${type}: ${HARMLESS_TYPES[type]}`
  const found = placesIn(type).find(({ places }) => places.covers(path))
  // What a row speaks of inside it has to be seen by that row.
  const spokenOf = placesOf(rowsOf(type).map((row) => row.path)).covers(path)
  if (spokenOf && found && !wholeHarmlessIn(type).some((whole) => whole.path === found.path)) return undefined
  return found && `${found.type === '*' ? '' : `${found.type} `}${found.path}: ${found.because}`
}
function placesIn(type: string) {
  const known = PLACES.get(type)
  if (known) return known
  const places = harmlessIn(type).map((one) => ({ ...one, places: placesOf([one.path]) }))
  PLACES.set(type, places)
  return places
}
const PLACES = new Map<string, readonly (ReturnType<typeof harmlessIn>[number] & { readonly places: Places })[]>()

/** Invariants that judge a resource by itself, in plain words. */
const INVARIANTS: readonly (readonly [string, rules.Rule])[] = [
  ['what holds data is retained', rules.retained],
  ['what holds data is protected from deletion', rules.protectedFromDeletion],
  ['everything at rest is encrypted with a customer key', rules.encryptedWithCustomerKey],
  ['logs expire', rules.logsExpire],
  ['no statement allows a wildcard action', rules.noWildcardActions],
  ['role names carry their region', rules.rolesCarryTheirRegion],
  ['functions run on one runtime', rules.arm64OnOneRuntime],
]

/** Who sees that a resource became a mutant, in plain words; an empty list is a survivor. Of what holds data every judge is asked, else the first that sees. */
function judgesOf(
  { stack, region }: StackTemplate,
  id: string,
  before: Resource,
  replacing: ReplacingProperties,
): (mutant: Resource | undefined) => readonly string[] {
  const subject = `${stack}/${id}`
  const stateful = STATEFUL.includes(before.Type)
  const held = (resource: Resource | undefined) =>
    baselineOf([{ stack, region, resources: resource ? { [id]: resource } : {} }], replacing)
  const was = held(before)
  return (mutant) => {
    const seen = ratchet(ofResource(subject, before, mutant))
    if (seen.length > 0 && !stateful) return seen
    const lost = losses(was, held(mutant), replacing)
    return [
      ...seen,
      ...(lost.length > 0 ? ['replacement gate: what holds data is neither deleted nor replaced'] : []),
      ...brokenBy(mutant && alone(stack, region, id, mutant), stateful).map((words) => `invariant: ${words}`),
    ]
  }
}

const ratchet = (found: ReturnType<typeof ofResource>): string[] =>
  found.map(({ term, words }) => `ratchet, ${term}: ${words}`)

function brokenBy(tree: SynthesizedStack | undefined, stateful: boolean): readonly string[] {
  if (!tree) return stateful ? ['logical ids of what holds data never change by accident'] : []
  return INVARIANTS.filter(([, rule]) => rule([tree]).length > 0).map(([words]) => words)
}

const alone = (name: string, region: string, id: string, resource: Resource): SynthesizedStack => ({
  name,
  region,
  terminationProtection: true,
  template: { Resources: { [id]: resource } },
  lookups: [],
  dependencies: [],
})
