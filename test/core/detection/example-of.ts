/** A value that fits what a sensitive call has to have: the value itself, or a text that its wildcard covers. */
export const exampleOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'wildcard' in value
    ? String(value.wildcard).replaceAll('*', 'x')
    : value
