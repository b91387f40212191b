import * as z from 'zod/mini'
import { CONFIGURATION } from '../configuration-contract'
import { withPolicy } from '../contract'

/** A schedule, or an event that says that something changed; nothing of it is used. */
export const input = z.looseObject({})

export const output = z.object({
  key: z.string(),
  settings: z.number(),
  secrets: z.number(),
  envelopes: z.readonly(z.array(z.object({ region: z.string(), sha256: z.string() }))),
})

/** Backs up the whole environment of its region into both data regions. */
export const contract = withPolicy({
  name: 'configuration-backup',
  places: ['primary', 'recovery'],
  network: 'none',
  timeoutSeconds: 120,
  // A change is announced once; one backup more of the same state does no harm.
  retries: 2,
  publishes: ['environmentBackups'],
  environment: CONFIGURATION.environment,
  permissions: [
    { actions: ['ssm:GetParametersByPath'], on: 'own-parameters' },
    { actions: ['secretsmanager:DescribeSecret'], on: 'configuration-secrets' },
    ...CONFIGURATION.permissions,
  ],
})
