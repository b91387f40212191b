import type { Ports } from '../../core/ports'
import { PortError } from '../../core/ports/errors'

/** The local world has databases and no account around them. */
export const noAccount: Pick<Ports, 'compliance' | 'controls' | 'remedies'> = {
  compliance: {
    protectionOf: async () => undefined,
    copies: async () => [],
    declaredIn: async () => ({ protections: [] }),
  },
  controls: {
    validate: async () => {
      throw new PortError('conflict', 'NOT_VALIDATED', 'nothing here keeps the evidence that controls are judged by')
    },
  },
  remedies: {
    restore: async ({ kind, name }) => {
      throw new PortError('conflict', 'NOT_HERE', `there is no account here that holds the ${kind} '${name}'`)
    },
  },
}
