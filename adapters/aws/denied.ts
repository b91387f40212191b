import type { ConditionalStore } from '../../core/ports/conditional-store'
import type { Ports } from '../../core/ports'
import { PortError } from '../../core/ports/errors'
import type { Privilege } from '../../core/runbook/model'

/** The ports that a privilege has. Every call of another one is denied, before IAM would. */
export const portsOfPrivilege = (
  privilege: Privilege,
  granted: Partial<Ports> & Pick<Ports, 'clock' | 'reporter' | 'coordination'>,
): Ports =>
  new Proxy(granted as Ports, {
    get: (ports, name, receiver) =>
      Reflect.has(ports, name) ? Reflect.get(ports, name, receiver) : deniedPort(privilege, String(name)),
  })

const deniedPort = (privilege: Privilege, name: string): unknown =>
  new Proxy({}, { get: () => async () => refuse(privilege, `the port '${name}'`) })

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
