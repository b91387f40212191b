import type { Clock } from '../../../core/ports/clock'
import type { Component, Deployments } from '../../../core/ports/deployments'
import { PortError } from '../../../core/ports/errors'
import { filesPlace } from './files'
import { migrationsPlace, type OwnerSession } from './migrations'
import type { DeployedPlace } from './place'
import { platformFolder } from './platform-folder'
import { programPlace } from './program'
import { settingsPlace } from './settings'

export interface LocalPlatform {
  /** Folder of everything that was released. */
  readonly folder: string
  readonly regions: { readonly primary: string; readonly recovery: string }
  /** Port of each program that is served, by its component. */
  readonly ports: Readonly<Record<string, number>>
  readonly owner: OwnerSession
  readonly clock: Clock
}

/** What is deployed on this machine: programs, files, settings, and the schema of a real database. */
export function localDeployments(platform: LocalPlatform): Deployments {
  const place = placesOf(platform)
  return {
    inForce: async (component) => (await place(component)).inForce(),
    obstacle: async (component, to) => (await place(component)).obstacle(to),
    putInForce: async (component, to, { key }) => {
      const there = await place(component)
      if (await there.isDone(key)) return
      const obstacle = await there.obstacle(to)
      if (obstacle)
        throw new PortError(
          'conflict',
          obstacle.code,
          `'${component.name}' cannot go to '${to}': ${obstacle.code}, ${obstacle.what}`,
        )
      await there.putInForce(to, key)
    },
    serves: async (component) => (await place(component)).serves(),
    setAside: async (component, { key }) => (await (await place(component)).setAside?.(key)) ?? [],
  }
}

function placesOf({ folder, regions, ports, owner, clock }: LocalPlatform) {
  const at = platformFolder(folder)
  return async ({ kind, name }: Component): Promise<DeployedPlace> => {
    switch (kind) {
      case 'function':
      case 'deployment':
        return programPlace(at.programOf(name), ports[name])
      case 'assets':
      case 'infrastructure':
        return filesPlace(at.filesOf(name))
      case 'configuration':
        return settingsPlace(at, regions, clock)
      case 'migrations':
        return migrationsPlace(at.migrations, owner)
    }
  }
}
