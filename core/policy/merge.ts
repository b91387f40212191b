import { hasKeys } from './at-path'

/** Lays `overlay` over `base`: plain objects are merged key by key, everything else is replaced. */
export function merge(base: unknown, overlay: unknown): unknown {
  if (overlay === undefined) return base
  if (!isPlain(base) || !isPlain(overlay)) return overlay
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(overlay)) merged[key] = merge(base[key], value)
  return merged
}

const isPlain = (value: unknown): value is Record<string, unknown> => hasKeys(value) && !Array.isArray(value)
