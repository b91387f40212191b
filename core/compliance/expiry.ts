import type { Expiry } from '../ports/compliance'

/** What a rule of a bucket's lifecycle covers: a prefix, and tags that an object has to carry besides. */
export const scope = (prefix = '', tags: readonly (readonly [key: string, value: string])[] = []): string =>
  [`${prefix}*`, ...tags.map(([key, value]) => `${key}=${value}`).toSorted()].join(' ')

/** Of several rules with one scope the one that ends sooner acts. */
export function soonest(rules: readonly (readonly [scope: string, end: Expiry])[]): Readonly<Record<string, Expiry>> {
  const ends: Record<string, Expiry> = {}
  for (const [of, end] of rules) {
    const known = ends[of] ?? {}
    const objectDays = least(known.objectDays, end.objectDays)
    const versionDays = least(known.versionDays, end.versionDays)
    if (objectDays === undefined && versionDays === undefined) continue
    ends[of] = { ...(objectDays !== undefined && { objectDays }), ...(versionDays !== undefined && { versionDays }) }
  }
  return ends
}

/** Whether an end is sooner than the declared one, or stands where none is declared. */
export const endsSooner = (found: number | undefined, declared: number | undefined): boolean =>
  found !== undefined && (declared === undefined || found < declared)

const least = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
