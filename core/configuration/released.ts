import { contentHash } from '../evidence/hash'
import type { RestoreCall } from '../ports/configuration-restores'
import { PortError } from '../ports/errors'
import { writeSealed } from './copies'
import { readEnvironment, takeEnvironment, type Environment } from './environment'
import { moving, toldVersion } from './moves'
import type { RestoreWorld } from './restore-call'
import { restoreEnvironment } from './restore'

export type ReleasedCall = Extract<RestoreCall, { readonly verb: `released-${string}` }>

/**
 * The settings of a release as one version: the hash of what they hold, so that the same settings are the same version,
 * whenever and however often they were put in force. Each version that was released is kept under its hash.
 */
export async function serveReleased(world: RestoreWorld, call: ReleasedCall): Promise<unknown> {
  switch (call.verb) {
    case 'released-in-force':
      return seen(world)
    case 'released-keep':
      return keep(world, await inForce(world))
    case 'released-held':
      return { held: await isHeld(world, call.version) }
    case 'released-put-back':
      return putBack(world, call)
  }
}

const releasedKey = (source: string, version: string): string => `released/${source}/${version}`

const inForce = ({ region, configuration, clock }: RestoreWorld): Promise<Environment> =>
  takeEnvironment(region, configuration, clock)

// Of all settings at once, of which many are long and random: whoever reads the hash cannot try out what one of them holds.
// Secrets are left out: they are rotated at their own place and no release brings an old one back.
const described = ({ settings }: Environment) => ({
  version: contentHash(settings.map(({ name, kind, value }) => [name, kind, value])).slice(0, VERSION_LENGTH),
  settings: settings.length,
})

async function seen(world: RestoreWorld) {
  const { version, settings } = described(await inForce(world))
  return { version: await toldVersion(world, version), settings }
}

/** Enough that no two configurations ever share it by chance. */
const VERSION_LENGTH = 32

async function keep({ copy }: RestoreWorld, environment: Environment): Promise<{ readonly version: string }> {
  const { version } = described(environment)
  await writeSealed(copy, releasedKey(environment.source, version), environment)
  return { version }
}

async function isHeld({ region, copy }: RestoreWorld, version: string): Promise<boolean> {
  return (await copy.store.get(releasedKey(region, version))) !== undefined
}

/** Puts the settings of a version in force again; each setting that is so already stays as it is. */
async function putBack(world: RestoreWorld, { version, key }: Extract<ReleasedCall, { verb: 'released-put-back' }>) {
  const { region, configuration, copy, evidence, clock } = world
  const found = await inForce(world)
  const now = described(found)
  if (now.version === version) return { version, put: 0, removed: 0 }
  const at = releasedKey(region, version)
  const wanted = described(await readEnvironment(copy, at))
  if (wanted.version !== version)
    throw new PortError('invalid', 'RELEASED_DAMAGED', `'${at}' holds other settings than its name says`)
  const startedAt = clock.now().toISOString()
  const plan = await restoreEnvironment('dry-run', configuration, copy, at)
  const record = (outcome: 'begun' | 'ended') =>
    evidence.append({
      key: `configuration-put-back-${outcome}/${key}`,
      kind: `configuration-restore-${outcome}`,
      subject: 'configuration',
      startedAt,
      finishedAt: clock.now().toISOString(),
      outcome: 'succeeded',
      measurements: { region, from: now.version, to: version, put: plan.put.length, removed: plan.remove.length },
      artefacts: [],
      controls: [],
      actor: 'rollback',
    })
  // Also what nobody recorded: a rollback that cannot go on goes forward to what it found.
  await keep(world, found)
  // Evidence first, as for a restore that a person asks for.
  await record('begun')
  await moving(world, { from: now.version, to: version }, () => restoreEnvironment('real', configuration, copy, at))
  await record('ended')
  return { version, put: plan.put.length, removed: plan.remove.length }
}
