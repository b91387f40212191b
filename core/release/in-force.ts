import type { Component, Deployments } from '../ports/deployments'
import { PortError } from '../ports/errors'
import type { Versions } from './differences'
import { isMoving, versionsInForce } from './look-at-platform'
import type { Release } from './release'

/** Version in force of each component, all of them settled. Throws PortError('conflict') where one is not: no release is without it. */
export async function settledVersions(deployments: Deployments, components: readonly Component[]): Promise<Versions> {
  const found = Object.entries(await versionsInForce(deployments, components))
  return Object.fromEntries(
    found.map(([name, version]) => {
      if (version === null)
        throw new PortError('conflict', 'COMPONENT_ABSENT', `nothing is deployed of '${name}'; deploy it, then record`)
      if (isMoving(version))
        throw new PortError('conflict', 'COMPONENT_MOVING', `'${name}' is ${version}; record once it has settled`)
      return [name, version]
    }),
  )
}

/** Whether every component serves at this moment. */
export async function healthOf(deployments: Deployments, components: readonly Component[]): Promise<Release['health']> {
  const serving = await Promise.all(components.map((component) => deployments.serves(component)))
  return serving.every(Boolean) ? 'healthy' : 'unhealthy'
}
