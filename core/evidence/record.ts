import { z } from 'zod'
import type { Json } from '../json'
import { canonicalJson } from './canonical-json'
import { contentHash } from './hash'

/** What the first record of a chain, and its first checkpoint, name as their previous hash. */
export const GENESIS = '0'.repeat(64)

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/)
const instant = z.iso.datetime()
const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(json), z.record(z.string(), json)]),
)

export const outcomeSchema = z.enum(['succeeded', 'failed', 'stopped', 'inconclusive'])

/** One activity, recorded once. `hash` is the SHA-256 of the canonical JSON of everything else. */
export const evidenceRecordSchema = z.strictObject({
  id: z.string(),
  sequence: z.int().nonnegative(),
  kind: z.string().min(1),
  subject: z.string().min(1),
  environment: z.string().min(1),
  region: z.string().min(1),
  writer: z.string().min(1),
  policyHash: sha256Hex,
  startedAt: instant,
  finishedAt: instant,
  outcome: outcomeSchema,
  measurements: z.record(z.string(), json),
  artefacts: z.array(z.strictObject({ name: z.string().min(1), sha256: sha256Hex })),
  controls: z.array(z.string().min(1)),
  actor: z.string().min(1),
  previousHash: sha256Hex,
  hash: sha256Hex,
})

export type EvidenceRecord = z.infer<typeof evidenceRecordSchema>

/** Closes a record, or a checkpoint, with its own hash. */
export const seal = <T extends object>(body: T): T & { readonly hash: string } => ({
  ...body,
  hash: contentHash(body),
})

/** Whether a sealed value still is what its hash says. */
export function isSealIntact(sealed: { readonly hash: string }): boolean {
  const { hash, ...body } = sealed
  return contentHash(body) === hash
}

/** The stored form: exactly these bytes, so that even a changed blank is a change. */
export const storedText = (value: object): string => canonicalJson(value)

/** Undefined where the text is not exactly the stored form of a value of the schema. */
export function readStored<T>(schema: z.ZodType<T>, text: string): T | undefined {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    return undefined
  }
  const parsed = schema.safeParse(raw)
  return parsed.success && canonicalJson(raw) === text ? parsed.data : undefined
}
