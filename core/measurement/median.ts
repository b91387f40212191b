/** The middle one, or the mean of the two in the middle. Undefined where one was not measured, or there is none. */
export function median(values: readonly (number | null)[]): number | undefined {
  const sorted = values.filter((value) => value !== null).toSorted((a, b) => a - b)
  if (sorted.length !== values.length || sorted.length === 0) return undefined
  const half = sorted.length / 2
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half) - 1]!) / 2
}
