import { setTimeout as sleep } from 'node:timers/promises'
import type { Policy } from '../../../core/policy'
import type { Component, Deployments } from '../../../core/ports/deployments'
import { CLINIC_MIGRATIONS } from './clinic-migrations'
import { localDeployments, type LocalPlatform } from './index'
import { platformFolder } from './platform-folder'
import { publish, type PublishedRelease } from './publish'
import { settingsPlace } from './settings'

const LOOK_EVERY_MS = 20
const IN_FORCE_MS = 60_000

/**
 * Rolls a release out, as a pipeline does: publishes it, then puts each component in force after those it depends on. Whether
 * what is in force is any good, it does not ask. `key` names this rollout: the same again goes on where it stopped.
 */
export async function rollOut(
  platform: LocalPlatform,
  { components }: Policy['releases'],
  release: PublishedRelease,
  key: string,
): Promise<void> {
  const at = platformFolder(platform.folder)
  await publish(at, release, CLINIC_MIGRATIONS)
  const deployments = localDeployments(platform)
  for (const component of inOrder(components)) {
    if (component.kind === 'configuration') {
      const settings = await settingsPlace(at, platform.regions, platform.clock)
      await settings.keep()
      for (const setting of release.settings) await settings.configuration.put(setting)
      await settings.keep()
      continue
    }
    const version = versionIn(release, component)
    if (version !== undefined) await putInForce(deployments, component, version, `${key}/${component.name}`)
  }
}

/** Undefined where the release leaves a component as it is. */
function versionIn({ tag, programs, files, level }: PublishedRelease, { kind, name }: Component): string | undefined {
  if (kind === 'migrations') return String(level)
  return programs[name] === undefined && files[name] === undefined ? undefined : tag
}

async function putInForce(deployments: Deployments, component: Component, version: string, key: string): Promise<void> {
  await deployments.putInForce(component, version, { key })
  for (const giveUpMs = performance.now() + IN_FORCE_MS; ; await sleep(LOOK_EVERY_MS)) {
    if ((await deployments.inForce(component)) === version) return
    if (performance.now() > giveUpMs)
      throw new Error(`'${component.name}' is not at '${version}' after ${IN_FORCE_MS} ms`)
  }
}

/** Each component after those without which it does not serve. */
function inOrder(components: readonly Component[]): Component[] {
  const ordered: Component[] = []
  const add = (component: Component) => {
    if (ordered.includes(component)) return
    for (const other of components) if (component.dependsOn.includes(other.name)) add(other)
    ordered.push(component)
  }
  components.forEach(add)
  return ordered
}
