import { contentHash } from '../evidence/hash'
import type { Clock } from '../ports/clock'
import type { Configuration } from '../ports/configuration'
import type { RestoreCall } from '../ports/configuration-restores'
import { PortError } from '../ports/errors'
import type { EvidenceLog } from '../ports/evidence-log'
import { environmentsOf, readSealed, versionsOf, type ConfigurationCopy } from './copies'
import { readEnvironment, settingSchema } from './environment'
import { serveReleased } from './released'
import { restoreEnvironment, restoreSetting, type RestorePlan } from './restore'

/** One region: its settings, its own copy of everything that was ever in force, and its evidence. */
export interface RestoreWorld {
  readonly region: string
  readonly configuration: Configuration
  readonly copy: ConfigurationCopy
  readonly evidence: EvidenceLog
  readonly clock: Clock
}

/** Newest first; older ones are named by their key, which carries the time. */
const MOST_VERSIONS = 200

/** Serves one call. Names, times and counts alone go out: what a setting holds may be a credential. */
export async function serveRestore(world: RestoreWorld, call: RestoreCall): Promise<unknown> {
  switch (call.verb) {
    case 'versions':
      return versions(world, call)
    case 'show':
      return show(world, call.key)
    case 'plan':
      return planned(world, call.key)
    case 'apply':
      return apply(world, call)
    case 'released-in-force':
    case 'released-keep':
    case 'released-held':
    case 'released-put-back':
      return serveReleased(world, call)
  }
}

async function versions(
  { copy }: RestoreWorld,
  { source, setting }: Extract<RestoreCall, { verb: 'versions' }>,
): Promise<unknown> {
  const keys: string[] = []
  for await (const key of copy.store.keys(setting === undefined ? environmentsOf(source) : versionsOf(source, setting)))
    keys.push(key)
  return { keys: keys.toReversed().slice(0, MOST_VERSIONS), more: Math.max(0, keys.length - MOST_VERSIONS) }
}

async function show({ copy }: RestoreWorld, key: string): Promise<unknown> {
  if (isEnvironment(key)) {
    const { source, takenAt, settings, secrets } = await readEnvironment(copy, key)
    return { source, takenAt, settings: settings.map(described), secrets: secrets.map(({ name }) => name) }
  }
  const parsed = settingSchema.safeParse(await readSealed(copy, key))
  if (!parsed.success) throw notASetting(key)
  return { settings: [described(parsed.data)] }
}

const described = ({
  name,
  kind,
  version,
  modifiedAt,
}: {
  name: string
  kind: string
  version: number
  modifiedAt: string
}) => ({
  name,
  kind,
  version,
  modifiedAt,
})

interface Planned {
  readonly plan: RestorePlan
  /** Of what would be changed and of what is in force there now: another plan has another. */
  readonly digest: string
}

async function planned(world: RestoreWorld, key: string): Promise<Planned> {
  const { region, configuration, copy } = world
  const plan = isEnvironment(key)
    ? await restoreEnvironment('dry-run', configuration, copy, key)
    : await settingPlan(world, key)
  const inForce: Record<string, string> = {}
  for await (const { name, version, modifiedAt } of configuration.settings()) inForce[name] = `${version} ${modifiedAt}`
  const touched = [...plan.put, ...plan.remove].map((name) => [name, inForce[name] ?? 'none'])
  return {
    plan,
    digest: contentHash({ region, key, put: [...plan.put], remove: [...plan.remove], touched }).slice(0, DIGEST_LENGTH),
  }
}

/** Enough that no two plans of one day share it by chance, and short enough to be typed. */
const DIGEST_LENGTH = 16

async function settingPlan({ configuration, copy }: RestoreWorld, key: string): Promise<RestorePlan> {
  const parsed = settingSchema.safeParse(await readSealed(copy, key))
  if (!parsed.success) throw notASetting(key)
  const { name, kind, value } = parsed.data
  for await (const now of configuration.settings())
    if (now.name === name && now.kind === kind && now.value === value)
      return { put: [], remove: [], unchanged: 1, secretsThatDiffer: [] }
  return { put: [name], remove: [], unchanged: 0, secretsThatDiffer: [] }
}

/** Carries out a plan that a person has seen. Throws PortError('conflict') where it would be another one by now. */
async function apply(world: RestoreWorld, call: Extract<RestoreCall, { verb: 'apply' }>): Promise<unknown> {
  const { region, configuration, copy, evidence, clock } = world
  const startedAt = clock.now().toISOString()
  const { plan, digest } = await planned(world, call.key)
  if (digest !== call.digest)
    throw new PortError(
      'conflict',
      'PLAN_CHANGED',
      'the settings in force, or the plan, are others than the ones that were confirmed; look at the plan again',
    )
  const record = (outcome: 'begun' | 'ended') =>
    evidence.append({
      key: `configuration-restore-${outcome}/${startedAt}`,
      kind: `configuration-restore-${outcome}`,
      subject: 'configuration',
      startedAt,
      finishedAt: clock.now().toISOString(),
      outcome: 'succeeded',
      measurements: { region, digest, reason: call.reasonCode, put: plan.put.length, removed: plan.remove.length },
      artefacts: [],
      controls: [],
      actor: `person-${call.person}`,
    })
  // Evidence first: a change that nobody can be named for would be nobody's.
  await record('begun')
  if (isEnvironment(call.key)) await restoreEnvironment('real', configuration, copy, call.key)
  else await restoreSetting(configuration, copy, call.key)
  await record('ended')
  return { plan, digest }
}

const isEnvironment = (key: string): boolean => key.startsWith('environments/')

const notASetting = (key: string): PortError =>
  new PortError('invalid', 'SETTING_UNREADABLE', `'${key}' is no version of a setting; take another one`)
