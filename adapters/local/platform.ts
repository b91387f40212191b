import { join } from 'node:path'
import type { Policy } from '../../core/policy'
import type { Component } from '../../core/ports/deployments'
import { withSession } from '../postgres/connect'
import { resolveServed } from './client-recipe'
import type { Recipe } from './clinic'
import { systemClock } from './clock'
import type { LocalPlatform } from './deployments'
import type { OwnerSession } from './deployments/migrations'
import { platformFolder } from './deployments/platform-folder'
import { freePorts } from './loopback'
import type { HostingSettings } from './processes/settings'
import { startProcess } from './processes/start'
import { standingLogin, type StandingWorld } from './standing-world'
import { SUPERUSER } from './world-plan'

/** Where the platform of a world is, for whoever reaches the world. */
export type ReachedPlatform = Pick<
  StandingWorld,
  'regions' | 'servedName' | 'dnsPort' | 'instances' | 'logins' | 'applications' | 'platform'
>

const SESSION_MS = 20_000
const NAME_MS = 2_000

/** The platform that was hosted in a world. */
export const platformOf = (world: ReachedPlatform): LocalPlatform => ({
  folder: world.platform,
  regions: world.regions,
  ports: Object.fromEntries(world.applications.map(({ name, port }) => [name, port])),
  owner: ownerOf(world),
  clock: systemClock,
})

/** Sessions of the owner of the schema with the database that the served name leads to. */
const ownerOf =
  (world: ReachedPlatform): OwnerSession =>
  async (work) => {
    const { target, port } = await resolveServed({
      servedName: world.servedName,
      port: world.dnsPort,
      deadlineMs: NAME_MS,
    })
    const served = world.instances.find(({ endpoint }) => endpoint.name === target)
    if (!served) throw new Error(`'${world.servedName}' leads to '${target}', which is no instance of this world`)
    const endpoint = { ...served.endpoint, port: port ?? served.endpoint.port }
    return withSession(endpoint, await standingLogin(world, SUPERUSER), SESSION_MS, work)
  }

/**
 * Starts a process for each program of the platform in a folder of the primary region; they wait for a version to be in
 * force. Gives the port that each is served on from now on, whichever version that is.
 */
export async function hostPrograms(
  folder: string,
  { components }: Policy['releases'],
  recipe: Recipe,
): Promise<StandingWorld['applications']> {
  const at = platformFolder(folder)
  const programs = components.filter(isProgram)
  const free = await freePorts(programs.length)
  const served = programs.map(({ name, dependsOn }, index) => ({ name, port: free[index]!, dependsOn }))
  for (const { name, port, dependsOn } of served) {
    const called = served.find((other) => dependsOn.includes(other.name))
    await startProcess('hosting', join(folder, 'programs', name), {
      port,
      program: at.programOf(name),
      release: {
        database: { ...recipe, across: {} },
        settings: at.settings.inForce,
        assets: at.filesOf('assets'),
        ...(called && { calls: called.port }),
      },
    } satisfies HostingSettings)
  }
  return served.map(({ name, port }) => ({ name, port }))
}

const isProgram = ({ kind }: Component): boolean => kind === 'function' || kind === 'deployment'
