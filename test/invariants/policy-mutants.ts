import { assertFeasible, parsePolicy, PolicyError } from '../../core/policy'
import type { Json } from '../../core/json'
import { weakenings } from '../../core/posture/diff'
import { changesIn } from '../../core/posture/mutants'
import { verdictOf, type Survivors, type Verdict } from './mutants'

/** Changes every field of a policy, one at a time, and shows it to the schema, the rules, feasibility and the ratchet. */
export function judgePolicyMutants(policy: unknown, survivors: readonly Survivors[]): Verdict {
  const before = JSON.parse(JSON.stringify(policy)) as Json
  return verdictOf(
    changesIn(before).map(({ path, change, value }) => ({
      kind: { type: 'policy', path, change },
      judges: [...refusals(value), ...ratchet(before, value)],
      at: 'the policy',
    })),
    survivors,
  )
}

/** Why no stack is synthesized from such a policy. */
function refusals(policy: Json): string[] {
  try {
    assertFeasible(parsePolicy(policy))
    return []
  } catch (error) {
    if (error instanceof PolicyError) return error.problems.map(({ rule }) => `policy: ${rule}`)
    return ['feasibility']
  }
}

const ratchet = (before: Json, after: Json): string[] =>
  weakenings({ stacks: [], policy: before }, { stacks: [], policy: after }).map(
    ({ term, words }) => `ratchet, ${term}: ${words}`,
  )
