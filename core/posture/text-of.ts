import { isJsonObject, type Json } from '../json'

/** A text, also one that CloudFormation joins; what it only knows later is a `?` in it. Empty for anything else. */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value
  const joined = isJsonObject(value) ? value['Fn::Join'] : undefined
  if (!Array.isArray(joined)) return ''
  const [separator, parts] = joined as readonly Json[]
  return Array.isArray(parts) ? parts.map((part: Json) => textOf(part) || '?').join(textOf(separator)) : ''
}
