import type { Seen } from '../verification/daily/seen'

/** One thing out of a look at many of them together; what the look does not tell of was not seen. */
export function ofEach<T>(seen: Seen<Readonly<Partial<Record<string, T>>>>, name: string): Seen<T> {
  if (!seen.seen) return seen
  const value = seen.value[name]
  return value === undefined ? { seen: false, code: 'NOT_LOOKED_AT' } : { seen: true, value }
}
