import { z } from 'zod'
import { sha256 } from '../evidence/hash'
import type { Clock } from '../ports/clock'
import type { Configuration } from '../ports/configuration'
import { PortError } from '../ports/errors'
import { environmentKey, environmentsOf, readSealed, writeSealed, type ConfigurationCopy } from './copies'

/** One version of a setting as a copy holds it. */
export const settingSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(['plain', 'list', 'sealed']),
  value: z.string(),
  version: z.int().positive(),
  modifiedAt: z.string(),
})

/** Everything that was in force in one region at one time. Secrets by reference: their values stay where they are. */
const environmentSchema = z.strictObject({
  source: z.string(),
  takenAt: z.iso.datetime(),
  settings: z.array(settingSchema),
  secrets: z.array(z.strictObject({ name: z.string(), versionId: z.string() })),
})

export type Environment = z.infer<typeof environmentSchema>

/** A backup that every region has acknowledged. */
export interface EnvironmentBackup {
  readonly key: string
  readonly settings: number
  readonly secrets: number
  /** Envelope of each region: each is sealed under another key, so each has its own hash. */
  readonly envelopes: readonly { readonly region: string; readonly sha256: string }[]
}

/**
 * Backs up the whole environment of a region as one sealed object in every region. Throws what the first region that fails
 * throws, after the others were given theirs.
 */
export async function backupEnvironment(
  source: string,
  configuration: Configuration,
  copies: readonly ConfigurationCopy[],
  clock: Clock,
): Promise<EnvironmentBackup> {
  const environment = await takeEnvironment(source, configuration, clock)
  const key = environmentKey(source, environment.takenAt)
  const written = await Promise.allSettled(
    copies.map(async (copy) => ({
      region: copy.region,
      sha256: sha256(await writeSealed(copy, key, environment)),
    })),
  )
  const envelopes = written.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
  return { key, settings: environment.settings.length, secrets: environment.secrets.length, envelopes }
}

/** Everything that is in force in a region now. */
export const takeEnvironment = async (
  source: string,
  configuration: Configuration,
  clock: Clock,
): Promise<Environment> => ({
  source,
  takenAt: clock.now().toISOString(),
  settings: await all(configuration.settings()),
  secrets: await all(configuration.secrets()),
})

/** Keys of the backups of a region's environment that a copy holds, oldest first. */
export const environmentBackups = ({ store }: ConfigurationCopy, source: string): AsyncIterable<string> =>
  store.keys(environmentsOf(source))

/** A backup of an environment. Throws PortError('invalid') where the copy does not hold it or holds something else. */
export async function readEnvironment(copy: ConfigurationCopy, key: string): Promise<Environment> {
  const parsed = environmentSchema.safeParse(await readSealed(copy, key))
  if (parsed.success) return parsed.data
  throw new PortError('invalid', 'ENVIRONMENT_UNREADABLE', `'${key}' is no backup of an environment; take another one`)
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of stream) items.push(item)
  return items
}
