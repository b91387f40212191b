import type { Ports } from '../../core/ports'
import { PortError } from '../../core/ports/errors'

/** A local world in which nothing is released: what serves there is started with it and has one version. */
export const noDeployments: Pick<Ports, 'deployments'> = {
  deployments: {
    inForce: async () => undefined,
    serves: async () => false,
    setAside: async () => [],
    obstacle: async ({ name }, to) => ({ code: 'VERSION_GONE', what: `${name} ${to}` }),
    putInForce: async ({ name }) => {
      throw new PortError('conflict', 'VERSION_GONE', `nothing of '${name}' was ever deployed here`)
    },
  },
}
