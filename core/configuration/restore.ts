import type { Configuration, Setting } from '../ports/configuration'
import { PortError } from '../ports/errors'
import { readSealed, type ConfigurationCopy } from './copies'
import { readEnvironment, settingSchema, type Environment } from './environment'

/** What a restore changes; names only. */
export interface RestorePlan {
  /** Settings that get another value. */
  readonly put: readonly string[]
  /** Settings that did not exist when the backup was taken. */
  readonly remove: readonly string[]
  readonly unchanged: number
  /** Secrets whose version in force is another one, or that are gone: they are rotated or rolled back at their own place. */
  readonly secretsThatDiffer: readonly string[]
}

/**
 * Puts a whole environment back to what it was: every setting of the backup in force, every later one out of force. With
 * `dry-run` only the plan is made. The versions that are replaced stay in the copies.
 */
export async function restoreEnvironment(
  mode: 'dry-run' | 'real',
  configuration: Configuration,
  copy: ConfigurationCopy,
  key: string,
): Promise<RestorePlan> {
  const wanted = await readEnvironment(copy, key)
  const { plan, changed } = await compare(configuration, wanted)
  if (mode === 'dry-run') return plan
  for (const { name, kind, value } of changed) await configuration.put({ name, kind, value })
  for (const name of plan.remove) await configuration.remove(name)
  return plan
}

/** Puts one version of one setting in force again, by its key in a copy. Throws PortError('invalid') where no version lies there. */
export async function restoreSetting(
  configuration: Configuration,
  copy: ConfigurationCopy,
  key: string,
): Promise<void> {
  const parsed = settingSchema.safeParse(await readSealed(copy, key))
  if (!parsed.success)
    throw new PortError('invalid', 'SETTING_UNREADABLE', `'${key}' is no version of a setting; take another one`)
  const { name, kind, value } = parsed.data
  await configuration.put({ name, kind, value })
}

async function compare(
  configuration: Configuration,
  wanted: Environment,
): Promise<{ plan: RestorePlan; changed: Environment['settings'] }> {
  const inForce = new Map<string, Setting>()
  for await (const setting of configuration.settings()) inForce.set(setting.name, setting)
  const secrets = new Map<string, string>()
  for await (const { name, versionId } of configuration.secrets()) secrets.set(name, versionId)
  const names = new Set(wanted.settings.map(({ name }) => name))
  const changed = wanted.settings.filter(({ name, kind, value }) => {
    const now = inForce.get(name)
    return now?.value !== value || now.kind !== kind
  })
  const plan = {
    put: changed.map(({ name }) => name),
    remove: [...inForce.keys()].filter((name) => !names.has(name)),
    unchanged: wanted.settings.length - changed.length,
    secretsThatDiffer: wanted.secrets.filter((s) => secrets.get(s.name) !== s.versionId).map(({ name }) => name),
  }
  return { plan, changed }
}
