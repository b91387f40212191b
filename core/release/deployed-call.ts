import * as z from 'zod/mini'
import type { Policy } from '../policy'
import type { Component, Deployments, Obstacle } from '../ports/deployments'
import { PortError } from '../ports/errors'
import type { VersionKeeping } from '../ports/version-keeping'

const component = z.string().check(z.regex(/^[a-z][a-z0-9-]{1,30}$/))

/** What can be asked of what is deployed without changing it. */
export const deployedCall = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.enum(['in-force', 'serves', 'keep']), component }),
  z.strictObject({ verb: z.literal('obstacle'), component, to: z.string().check(z.maxLength(100)) }),
])
export type DeployedCall = z.infer<typeof deployedCall>

export const deployedAnswer = z.object({
  version: z.optional(z.string()),
  serves: z.optional(z.boolean()),
  obstacle: z.optional(z.object({ code: z.enum(['VERSION_GONE', 'IRREVERSIBLE']), what: z.string() })),
})
export type DeployedAnswer = z.infer<typeof deployedAnswer>

/** Answers for the components of the policy, and for nothing else that may be deployed beside them. */
export async function serveDeployed(
  deployed: Deployments & VersionKeeping,
  { releases }: Pick<Policy, 'releases'>,
  call: DeployedCall,
): Promise<DeployedAnswer> {
  const found = releases.components.find(({ name }) => name === call.component)
  if (!found) throw new PortError('invalid', 'COMPONENT_UNKNOWN', `'${call.component}' is no component of a release`)
  switch (call.verb) {
    case 'in-force': {
      const version = await deployed.inForce(found)
      return version === undefined ? {} : { version }
    }
    case 'serves':
      return { serves: await deployed.serves(found) }
    case 'keep':
      await deployed.keep(found)
      return {}
    case 'obstacle': {
      const obstacle = await deployed.obstacle(found, call.to)
      return obstacle ? { obstacle } : {}
    }
  }
}

/** What is deployed, asked through whoever may see it. It puts nothing in force: that is the rollback's alone. */
export const deployedThrough = (
  ask: (call: DeployedCall) => Promise<DeployedAnswer>,
): Deployments & VersionKeeping => ({
  inForce: async ({ name }) => (await ask({ verb: 'in-force', component: name })).version,
  serves: async ({ name }) => (await ask({ verb: 'serves', component: name })).serves ?? false,
  keep: async ({ name }) => void (await ask({ verb: 'keep', component: name })),
  obstacle: async ({ name }, to): Promise<Obstacle | undefined> =>
    (await ask({ verb: 'obstacle', component: name, to })).obstacle,
  putInForce: async ({ name }) => {
    throw notHere(name)
  },
  setAside: async ({ name }) => {
    throw notHere(name)
  },
})

const notHere = (name: Component['name']): PortError =>
  new PortError('denied', 'READS_ALONE', `'${name}' is put in force by a run of the rollback, and by nobody else`)
