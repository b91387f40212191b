import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { incidentsInBothPlaces, OWN_EVIDENCE, withPolicy } from '../contract'

/** A state change of an alarm as EventBridge sends it. */
export const input = z.object({
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  time: z.iso.datetime(),
  region: z.string(),
  detail: z.object({ alarmName: z.string(), state: z.object({ value: z.literal('ALARM') }) }),
})

export const output = z.object({
  outcome: z.enum(['foreign', 'signal', 'incident']),
  incident: z.optional(z.string()),
  answer: z.optional(z.enum(['plan', 'people'])),
})

const store = incidentsInBothPlaces('dynamodb:GetItem', 'dynamodb:PutItem')

/** Opens an incident for a ringing alarm and starts the plan of the runbook that answers it. */
export const contract = withPolicy({
  name: 'incident-intake',
  places: ['primary', 'recovery'],
  network: 'none',
  timeoutSeconds: 60,
  environment: [
    VARIABLE.runbookMachines,
    VARIABLE.primaryInstance,
    VARIABLE.replicaInstance,
    ...store.environment,
    ...OWN_EVIDENCE.environment,
  ],
  permissions: [
    ...store.permissions,
    ...OWN_EVIDENCE.permissions,
    { actions: ['states:StartExecution'], on: 'own-runbook-machines' },
  ],
})
