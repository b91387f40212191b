import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json'

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/** SHA-256 of a value's canonical JSON: the same for equal values, whatever order their keys were written in. Throws like it. */
export const contentHash = (value: unknown): string => sha256(canonicalJson(value))
