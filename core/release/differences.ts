/** Version of each component, by its name. */
export type Versions = Readonly<Record<string, string>>

/** One component of which two releases have different versions; undefined where a release does not have it. */
export interface Difference {
  readonly component: string
  readonly from: string | undefined
  readonly to: string | undefined
}

/** Every component whose version changes on the way from one release to another, in the order of their names. */
export const differences = (
  from: { readonly components: Versions },
  to: { readonly components: Versions },
): readonly Difference[] =>
  [...new Set([...Object.keys(from.components), ...Object.keys(to.components)])]
    .toSorted()
    .map((component) => ({ component, from: from.components[component], to: to.components[component] }))
    .filter((one) => one.from !== one.to)
