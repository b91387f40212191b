import type { Policy } from '../policy'
import type { CountedRows } from './later-writes'

/** One part of the platform that is released, as the policy declares it. */
export type Component = Policy['releases']['components'][number]

/**
 * What is deployed of the platform. A version is whatever the place of the component calls it: the number of a Lambda version,
 * the id of a deployment, the level of the schema, a digest.
 */
export interface Deployments {
  /** Version in force; undefined where nothing was ever deployed. With a blank in it, it is on its way between two. */
  inForce(component: Component): Promise<string | undefined>
  /** Why a component cannot go from what is in force to a version; undefined where it can. Changes nothing. */
  obstacle(component: Component, to: string): Promise<Obstacle | undefined>
  /**
   * Puts a version in force, and does not wait for it. With the same key again nothing more happens; `inForce` tells when it is.
   * Throws PortError('conflict') where there is an obstacle.
   */
  putInForce(component: Component, to: string, request: { readonly key: string }): Promise<void>
  /** Whether what is in force of a component serves at this moment. */
  serves(component: Component): Promise<boolean>
  /**
   * Data that had no place in the version which a key put in force, as its change itself counted it; empty where there was
   * none. Told as often as it is asked.
   */
  setAside(component: Component, request: { readonly key: string }): Promise<readonly SetAside[]>
}

/** What stands in the way of a version. */
export interface Obstacle {
  /** `VERSION_GONE`: its place does not hold it any more. `IRREVERSIBLE`: a migration between the two has no way back. */
  readonly code: 'VERSION_GONE' | 'IRREVERSIBLE'
  /** What exactly, such as the migration; ids alone. */
  readonly what: string
}

/** Rows of one table that a version has no place for. */
export interface SetAside extends CountedRows {
  /** `kept`: the rows themselves stand in another table. `listed`: their ids do, and people enter them again. */
  readonly how: 'kept' | 'listed'
  /** Name of that table or list. */
  readonly where: string
}
