import { contentHash } from '../evidence/hash'
import type { Policy } from '../policy'
import type { Component, Obstacle } from '../ports/deployments'
import { PortError } from '../ports/errors'
import type { Release } from './release'
import { dependentsOf, inRollbackOrder, risingSchemas } from './rollback-order'
import { rollbackTarget, type Versions } from './rollback-target'
import type { RollbackType, WantedRollback } from './wanted-rollback'

/** One component that is put back. */
export interface PlannedChange {
  readonly name: string
  readonly kind: Component['kind']
  /** Null: nothing is in force. */
  readonly from: string | null
  readonly to: string
  /** How long that takes as a rule. */
  readonly seconds: number
  /** Named components that it cannot serve without, where it was not named itself. */
  readonly because?: readonly string[]
}

/** What stands in the way of one change, before anything was changed. */
export interface PlannedObstacle extends Obstacle {
  readonly component: string
}

/** What a rollback would do now, in its order. The same platform and the same wish are the same plan, and have one digest. */
export interface RollbackPlan {
  readonly version: 1
  readonly environment: string
  readonly type: RollbackType
  /** Newest release on record; null where nothing was recorded. */
  readonly from: Recorded | null
  readonly to: Recorded
  readonly changes: readonly PlannedChange[]
  /** Components that changed since and stay, though they depend on what is put back. */
  readonly staying: readonly string[]
  readonly obstacles: readonly PlannedObstacle[]
  /** Each change at its usual pace, one after the other. */
  readonly expectedSeconds: number
  /** The same, with a platform that serves at the very end of the time it is given to get well. */
  readonly longestSeconds: number
  readonly budgetSeconds: number
}

type Recorded = Pick<Release, 'sequence' | 'tag' | 'health'>

/** What can be done about a migration without a way back, in the words of the plan and of the refusal. */
export const CHOICES_WITHOUT_WAY_BACK = {
  'forward-fix': 'correct the release and deploy that: nothing is lost, and it takes as long as it takes',
  'point-in-time-recovery':
    'recover the database beside as it was before the release (runbook point-in-time-recovery, to the marker of the release): what was written since is listed and entered again',
  'partial-without': 'put back the other components alone, if they serve with the newer schema: name them',
} as const

/** What is known of the platform when a rollback is planned. */
export interface RollbackFacts {
  readonly environment: string
  readonly wanted: WantedRollback
  readonly components: readonly Component[]
  readonly inForce: Versions
  readonly newestFirst: readonly Release[]
  readonly putBackSeconds: Policy['releases']['putBackSeconds']
  readonly healthySeconds: number
  readonly budgetSeconds: number
}

/** The plan but for what stands in its way, which has to be asked of each component's place. Throws PortError('conflict') where there is nothing to do. */
export function draftRollback(facts: RollbackFacts): Omit<RollbackPlan, 'obstacles'> {
  const { environment, wanted, components, inForce, newestFirst, putBackSeconds, healthySeconds, budgetSeconds } = facts
  const target = rollbackTarget(newestFirst, inForce, components, wanted.to)
  const differing = components.filter(({ name }) => {
    const to = target.components[name]
    return to !== undefined && to !== inForce[name]
  })
  const { chosen, becauseOf } = choose(wanted, differing, components)
  if (chosen.length === 0)
    throw new PortError(
      'conflict',
      'NOTHING_TO_PUT_BACK',
      `nothing that a rollback '${wanted.type}' is about differs from release ${target.sequence} (${target.tag})`,
    )
  const rising = risingSchemas(chosen, inForce, target.components)
  // All of them are ordered: what stays may be what one change needs another by.
  const ordered = inRollbackOrder(components, rising).filter((component) => chosen.includes(component))
  const changes = ordered.map(({ name, kind }): PlannedChange => {
    const because = becauseOf(name)
    return {
      name,
      kind,
      from: inForce[name] ?? null,
      to: target.components[name]!,
      seconds: putBackSeconds[kind],
      ...(because.length > 0 && { because }),
    }
  })
  const names = chosen.map(({ name }) => name)
  const dependents = dependentsOf(names, components)
  const expectedSeconds = changes.reduce((sum, { seconds }) => sum + seconds, 0)
  return {
    version: 1,
    environment,
    type: wanted.type,
    from: newestFirst[0] ? recorded(newestFirst[0]) : null,
    to: recorded(target),
    changes,
    staying: differing.map(({ name }) => name).filter((name) => dependents.has(name)),
    expectedSeconds,
    longestSeconds: expectedSeconds + healthySeconds,
    budgetSeconds,
  }
}

/** The digest by which a plan that was shown is applied, and by which it is found stale. */
export const planDigest = (plan: RollbackPlan): string => contentHash(plan)

const recorded = ({ sequence, tag, health }: Release): Recorded => ({ sequence, tag, health })

const ofItself = (): readonly string[] => []

function choose(
  { type, only }: WantedRollback,
  differing: readonly Component[],
  components: readonly Component[],
): { readonly chosen: readonly Component[]; readonly becauseOf: (name: string) => readonly string[] } {
  if (type === 'config-only')
    return { chosen: differing.filter(({ kind }) => kind === 'configuration'), becauseOf: ofItself }
  if (!only) return { chosen: differing, becauseOf: ofItself }
  const named = only.filter((name) => differing.some((component) => component.name === name))
  // Of a part that stays as it is, nothing has to follow.
  const becauseOf = (name: string) =>
    named.includes(name) ? [] : named.filter((one) => dependentsOf([one], components).has(name))
  return {
    chosen: differing.filter(({ name }) => named.includes(name) || becauseOf(name).length > 0),
    becauseOf,
  }
}
