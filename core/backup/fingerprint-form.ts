import * as z from 'zod/mini'
import type { DatabaseFingerprint } from '../integrity/fingerprint'

const list = <Of extends z.core.SomeType>(of: Of) => z.readonly(z.array(of))
const sequenceState = z.strictObject({ value: z.string(), called: z.boolean() })

/** A fingerprint as it is written down, by itself or in a manifest. */
export const fingerprintForm: z.ZodMiniType<DatabaseFingerprint> = z.strictObject({
  origin: z.strictObject({
    form: z.int(),
    serverVersion: z.string(),
    cluster: z.optional(z.string()),
    database: z.string(),
    replays: z.boolean(),
    position: z.string(),
    takenAt: z.iso.datetime(),
  }),
  tables: list(
    z.strictObject({
      table: z.string(),
      kind: z.enum(['table', 'materialized-view', 'large-objects']),
      columns: z.string(),
      key: z.optional(list(z.string())),
      dealtBy: z.optional(z.string()),
      rows: z.string(),
      hash: z.string(),
    }),
  ),
  unread: list(z.strictObject({ table: z.string(), code: z.string() })),
  sequences: list(
    z.strictObject({
      sequence: z.string(),
      increment: z.string(),
      cache: z.string(),
      cycles: z.boolean(),
      first: sequenceState,
      last: sequenceState,
    }),
  ),
  catalog: z.record(z.string(), list(z.strictObject({ object: z.string(), hash: z.string() }))),
})
