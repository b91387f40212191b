/** A value that fits what a sensitive call has to have: the value itself, or a text that its wildcard covers. */
export const exampleOf = (value: unknown): unknown => {
  if (typeof value === 'object' && value !== null && 'below' in value) return 0
  return typeof value === 'object' && value !== null && 'wildcard' in value
    ? String(value.wildcard).replaceAll('*', 'x')
    : value
}
