import type { Json } from '../../core/json'

export type Finding = 'kept' | 'dropped' | 'changed' | 'not looked at'

/**
 * What became of a declared property. Values that the template computes at deployment count by being there; plain values
 * have to be the same wherever both sides name them alike.
 */
export function judge(property: string, declared: Json, told: Readonly<Record<string, unknown>>): Finding {
  if (!(property in told)) return 'not looked at'
  const value = told[property]
  if (isNothing(value)) return isNothing(declared) ? 'kept' : 'dropped'
  return agrees(declared, value) ? 'kept' : 'changed'
}

const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.values(value).every(isNothing))

function agrees(declared: unknown, told: unknown): boolean {
  if (isNothing(told)) return isNothing(declared)
  if (isComputed(declared)) return true
  if (isRecord(declared) && isRecord(told))
    return Object.entries(declared).every(([key, value]) => !(key in told) || agrees(value, told[key]))
  if (Array.isArray(declared) && Array.isArray(told))
    return declared.every((item) => told.some((one) => agrees(item, one)))
  if (typeof declared === 'object' || typeof told === 'object') return true
  // Services tell many numbers as text.
  return plain(declared) === plain(told)
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Refs, functions and references to secrets get their value at deployment. */
const isComputed = (value: unknown): boolean =>
  (isRecord(value) && Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'))) ||
  (typeof value === 'string' && value.includes('{{resolve:'))

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
