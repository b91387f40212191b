import * as z from 'zod/mini'
import { incidentsInBothPlaces, OWN_EVIDENCE, withPolicy } from '../contract'

/** What a person sends: the incident, who closes it, and a code of the cause that was found. */
export const input = z.object({
  incident: z.string().check(z.regex(/^[\w-]{1,80}$/)),
  closedBy: z.string().check(z.regex(/^[\w.:/-]{1,80}$/)),
  causeCode: z.string().check(z.regex(/^[A-Z][A-Z0-9_]{2,60}$/)),
})

export const output = z.object({ incident: z.string(), closedAt: z.string() })

const store = incidentsInBothPlaces('dynamodb:GetItem', 'dynamodb:PutItem')

/** Closes an incident, wherever it is held, and records how long it was open. Invoked by people. */
export const contract = withPolicy({
  name: 'incident-close',
  places: ['primary', 'recovery'],
  network: 'none',
  timeoutSeconds: 60,
  environment: [...store.environment, ...OWN_EVIDENCE.environment],
  permissions: [...store.permissions, ...OWN_EVIDENCE.permissions],
})
