import type { ConditionalStore } from '../../core/ports/conditional-store'
import type { Ports } from '../../core/ports'
import { PortError } from '../../core/ports/errors'
import type { Privilege } from '../../core/runbook/model'

/** A port a function has no permissions for. Every call says so, before IAM would. */
export const deniedPort = <Name extends keyof Ports>(privilege: Privilege, name: Name): Ports[Name] =>
  new Proxy({} as Ports[Name], { get: () => async () => refuse(privilege, `the port '${name}'`) })

export const deniedStore = (privilege: Privilege, place: string): ConditionalStore => ({
  get: async () => refuse(privilege, place),
  create: async () => refuse(privilege, place),
  replace: async () => refuse(privilege, place),
  // A generator throws when it is read, as every other store does.
  list: async function* () {
    yield await refuse(privilege, place)
  },
})

async function refuse(privilege: Privilege, port: string): Promise<never> {
  throw new PortError(
    'denied',
    'PRIVILEGE_MISSING',
    `a function with the privilege '${privilege}' has no access to ${port}; the step names another one`,
  )
}
