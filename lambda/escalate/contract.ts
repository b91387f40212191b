import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { incidentsInBothPlaces, withPolicy } from '../contract'

/** What a schedule sends; nothing of it is used. */
export const input = z.looseObject({})

export const output = z.object({
  open: z.number(),
  told: z.number(),
  failed: z.number(),
  placesAway: z.number(),
  openViolations: z.number(),
  oldestCriticalMinutes: z.number(),
})

const store = incidentsInBothPlaces('dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query')

/** Tells each level of the escalation of the incidents it has to know by now. Started each minute. */
export const contract = withPolicy({
  name: 'escalate',
  places: ['primary', 'recovery'],
  network: 'none',
  timeoutSeconds: 60,
  publishes: ['openIncidentMinutes', 'openViolations', 'placesAway'],
  environment: [VARIABLE.topics, ...store.environment],
  permissions: [...store.permissions, { actions: ['sns:Publish'], on: 'own-escalation-topics' }],
})
