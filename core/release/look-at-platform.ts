import type { Component, Deployments } from '../ports/deployments'
import { draftRollback, type PlannedObstacle, type RollbackFacts, type RollbackPlan } from './rollback-plan'
import type { Versions } from './rollback-target'

/** Whether a component is on its way between two versions. */
export const isMoving = (version: string): boolean => /\s/.test(version)

/** Version in force of each component. */
export async function versionsInForce(
  deployments: Deployments,
  components: readonly Component[],
): Promise<Record<string, string | null>> {
  const found: Record<string, string | null> = {}
  // One after the other: the places are other services, which throttle.
  for (const component of components) found[component.name] = (await deployments.inForce(component)) ?? null
  return found
}

/** The plan of a rollback as the platform stands now, with all that stands in its way. Changes nothing. */
export async function planRollback(
  deployments: Deployments,
  facts: Omit<RollbackFacts, 'inForce'>,
): Promise<RollbackPlan> {
  const inForce: Versions = await versionsInForce(deployments, facts.components)
  const draft = draftRollback({ ...facts, inForce })
  const obstacles: PlannedObstacle[] = []
  for (const { name, to } of draft.changes) {
    const component = facts.components.find((one) => one.name === name)!
    const obstacle = await deployments.obstacle(component, to)
    if (obstacle) obstacles.push({ component: name, ...obstacle })
  }
  return { ...draft, obstacles }
}
