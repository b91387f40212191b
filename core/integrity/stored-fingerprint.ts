import { z } from 'zod'
import type { DatabaseFingerprint } from './fingerprint'

const content = { rows: z.string().regex(/^\d+$/), hash: z.string().regex(/^-?\d+\/-?\d+$/) }
const state = z.object({ value: z.string(), called: z.boolean() })

/** A fingerprint as it was written down. */
export const storedFingerprint: z.ZodType<DatabaseFingerprint> = z.object({
  origin: z.object({
    form: z.number().int(),
    serverVersion: z.string(),
    cluster: z.string().optional(),
    database: z.string(),
    replays: z.boolean(),
    position: z.string(),
    takenAt: z.string(),
  }),
  tables: z.array(
    z.object({
      table: z.string(),
      kind: z.enum(['table', 'materialized-view', 'large-objects']),
      columns: z.string(),
      key: z.array(z.string()).optional(),
      ...content,
    }),
  ),
  unread: z.array(z.object({ table: z.string(), code: z.string() })),
  sequences: z.array(
    z.object({
      sequence: z.string(),
      increment: z.string(),
      cache: z.string(),
      cycles: z.boolean(),
      first: state,
      last: state,
    }),
  ),
  catalog: z.record(z.string(), z.array(z.object({ object: z.string(), hash: z.string() }))),
})
