/** Narrows to something with keys: a plain object or a list. */
export const hasKeys = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === 'object' && value !== null

/** What stands at a path; undefined where it leads nowhere. Inherited keys do not count. */
export const valueAt = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, key) => (hasKeys(at) && Object.hasOwn(at, key) ? at[key] : undefined), root)
