import type { Component } from './deployments'

/**
 * Makes sure that what is in force of a component can be put in force again later, where its place would let go of it: a copy
 * of a template, or of all settings. Does nothing for what keeps its versions by itself, and nothing twice.
 */
export interface VersionKeeping {
  keep(component: Component): Promise<void>
}
