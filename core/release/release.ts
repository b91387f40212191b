import * as z from 'zod/mini'
import type { Json } from '../json'

/**
 * What was in force once, complete. Never changed once it stands: whether it is healthy later is asked of the platform, not
 * of its record.
 */
export const releaseSchema = z.strictObject({
  /** Counts from 1 in its environment. */
  sequence: z.int().check(z.positive()),
  /** Tag of the source code, such as `v1.4.0`. */
  tag: z.string().check(z.regex(/^[\w.+-]{1,80}$/)),
  /** Commit that the tag stands on. @default not told: whoever recorded it had no source code at hand */
  commit: z.optional(z.string().check(z.regex(/^[0-9a-f]{40}$/))),
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

/** A release as it is stored and hashed: what it does not say is left out. */
export const releaseJson = ({ commit, restores, ...release }: Release): Json => ({
  ...release,
  ...(commit !== undefined && { commit }),
  ...(restores !== undefined && { restores }),
})
