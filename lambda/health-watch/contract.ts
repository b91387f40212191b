import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { attempts } from '../../adapters/aws/wire'
import { withPolicy } from '../contract'

/** What a schedule sends; nothing of it is used. */
export const input = z.looseObject({})

export const output = z.object({
  attempts: z.optional(attempts),
  primaryUnreachable: z.optional(z.number()),
  replicaCutOff: z.optional(z.number()),
})

/** Publishes, once a minute, what clients are served and what the two observers of the primary see; alarms judge it. */
export const contract = withPolicy({
  name: 'health-watch',
  places: ['recovery'],
  network: 'none',
  // The attempts of one minute take most of it; the next look may begin meanwhile.
  timeoutSeconds: 90,
  publishes: ['apiAvailability', 'primaryUnreachable', 'replicaCutOff'],
  environment: [
    VARIABLE.recoveryProbe,
    VARIABLE.witnessProbe,
    VARIABLE.replicaObserver,
    VARIABLE.primaryInstance,
    VARIABLE.replicaInstance,
  ],
  permissions: [
    { actions: ['lambda:InvokeFunction'], on: 'recovery-probe-function' },
    { actions: ['lambda:InvokeFunction'], on: 'witness-probe-function' },
    { actions: ['lambda:InvokeFunction'], on: 'own-replica-observer-function' },
  ],
})
