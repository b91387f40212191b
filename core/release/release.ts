import * as z from 'zod/mini'

/**
 * What was in force once, complete. Never changed once it stands: whether it is healthy later is asked of the platform, not
 * of its record.
 */
export const releaseSchema = z.strictObject({
  /** Counts from 1 in its environment. */
  sequence: z.int().check(z.positive()),
  /** Tag of the source code, such as `v1.4.0`. */
  tag: z.string().check(z.regex(/^[\w.+-]{1,80}$/)),
  environment: z.string(),
  /** Version of each component, by its name. */
  components: z.record(z.string(), z.string()),
  /** Whether every component served when it was recorded. */
  health: z.enum(['healthy', 'unhealthy']),
  /** Marker of the moment just before, to which the data can return. */
  recoveryPoint: z.string(),
  /** Person, as `Actor.person`; or the run that put an earlier release back. */
  actor: z.string(),
  recordedAt: z.iso.datetime(),
  /** The release that it goes back to, whole or in part, where it is one that was put back. */
  restores: z.optional(z.int().check(z.positive())),
})

export type Release = z.infer<typeof releaseSchema>
