import * as z from 'zod/mini'

/** The types of the procedure, each with its own budget. */
export const ROLLBACK_TYPES = ['full', 'partial', 'config-only'] as const
export type RollbackType = (typeof ROLLBACK_TYPES)[number]

/** What of the platform is to be put back, as a person says it. */
export const wantedRollbackSchema = z.strictObject({
  type: z.enum(ROLLBACK_TYPES),
  /** Names of components, in a partial rollback alone. @default what has changed since the release to go back to */
  only: z.optional(z.array(z.string().check(z.regex(/^[a-z][a-z0-9-]{1,30}$/))).check(z.minLength(1), z.maxLength(8))),
  /** Release to go back to, by its sequence. @default the last healthy one that no rollback has left */
  to: z.optional(z.int().check(z.positive())),
  /** Whether it cannot wait for a second person; reviewed afterwards. @default it can */
  critical: z.optional(z.boolean()),
})
export type WantedRollback = z.infer<typeof wantedRollbackSchema>
