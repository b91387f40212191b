/** A set of paths in which `*` stands for one name, asked about a place that was found. */
export interface Places {
  /** Whether the place is one of them, or lies inside one. */
  covers(place: string): boolean
  /** Whether the place is one of them. */
  has(place: string): boolean
  /** Whether one of them lies inside the place. */
  reachesInto(place: string): boolean
}

export function placesOf(paths: readonly string[]): Places {
  const patterns = paths.map((path) => path.split('.').map(textOfStep))
  const exact = oneOf(patterns.map((steps) => steps.join('\\.')))
  const inside = oneOf(patterns.map((steps) => `${steps.join('\\.')}(\\..*)?`))
  const above = oneOf(
    patterns.flatMap((steps) => steps.slice(1).map((_, length) => steps.slice(0, length + 1).join('\\.'))),
  )
  return {
    has: (place) => exact.test(place),
    covers: (place) => inside.test(place),
    reachesInto: (place) => above.test(place),
  }
}

/** `*` is one name, and in `*Minutes` the start of one; a name in brackets may hold dots. */
const textOfStep = (step: string): string =>
  step
    .split('*')
    .map((text) => text.replaceAll(/[\\^$+?.()|[\]{}]/g, '\\$&'))
    .join(step === '*' ? '(?:\\[[^\\]]*\\]|[^.[]+)' : '[^.[]*')

const oneOf = (patterns: readonly string[]): RegExp =>
  // Without a pattern nothing matches; an empty alternative would match everything.
  patterns.length === 0 ? /(?!)/ : new RegExp(`^(?:${patterns.join('|')})$`)
