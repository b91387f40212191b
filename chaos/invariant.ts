import type { Facts, Moment } from './facts'

/** Something that holds in every run, whatever went wrong. */
export interface Invariant {
  readonly name: string
  /** What is wrong with the facts; undefined where it holds. */
  readonly broken: (facts: Facts) => string | undefined
}

/** Says when something was seen, where it was. */
export const at = (moment: Moment | undefined): string | undefined =>
  moment && `at ${moment.step}, ${(moment.atMs / 1000).toFixed(1)} s`
