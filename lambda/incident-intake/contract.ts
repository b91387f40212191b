import * as z from 'zod/mini'
import { EXAMINATION_PREFIX } from '../../adapters/aws/agreed-names'
import { VARIABLE } from '../../adapters/aws/environment'
import { incidentsInBothPlaces, OWN_EVIDENCE, withPolicy } from '../contract'

const moment = { time: z.iso.datetime(), region: z.string() }

/** What can open an incident, as EventBridge sends it: an alarm that began to ring, a recorded call, a sign-in, a finding. */
export const input = z.discriminatedUnion('detail-type', [
  z.object({
    'detail-type': z.literal('CloudWatch Alarm State Change'),
    ...moment,
    detail: z.object({ alarmName: z.string(), state: z.object({ value: z.literal('ALARM') }) }),
  }),
  z.object({
    'detail-type': z.literal('AWS API Call via CloudTrail'),
    ...moment,
    detail: z.object({
      eventSource: z.string(),
      eventName: z.string(),
      // A call without any is recorded with null.
      requestParameters: z.nullish(z.record(z.string(), z.unknown())),
      errorCode: z.optional(z.string()),
    }),
  }),
  z.object({
    'detail-type': z.literal('AWS Console Sign In via CloudTrail'),
    ...moment,
    detail: z.object({
      eventSource: z.string(),
      eventName: z.string(),
      responseElements: z.nullish(z.object({ ConsoleLogin: z.optional(z.string()) })),
    }),
  }),
  z.object({
    'detail-type': z.literal('GuardDuty Finding'),
    ...moment,
    detail: z.object({ type: z.string(), severity: z.number() }),
  }),
])

export const output = z.object({
  outcome: z.enum(['foreign', 'signal', 'incident']),
  incident: z.optional(z.string()),
  answer: z.optional(z.enum(['plan', 'people'])),
})

const store = incidentsInBothPlaces('dynamodb:GetItem', 'dynamodb:PutItem')

/** Opens an incident for what was noticed and starts the plan of the runbook that answers it. */
export const contract = withPolicy({
  name: 'incident-intake',
  places: ['primary', 'recovery'],
  network: 'none',
  timeoutSeconds: 60,
  // An alarm begins to ring once, a call is told once: nobody else would try again. The window makes it one incident and one plan.
  retries: 2,
  environment: [
    VARIABLE.runbookMachines,
    VARIABLE.primaryInstance,
    VARIABLE.replicaInstance,
    VARIABLE.rebuiltInstance,
    ...store.environment,
    ...OWN_EVIDENCE.environment,
  ],
  permissions: [
    ...store.permissions,
    // What was found out about a corruption before it was noticed.
    { actions: ['dynamodb:GetItem'], on: 'recovery-coordination-table', leadingKeys: [EXAMINATION_PREFIX] },
    ...OWN_EVIDENCE.permissions,
    { actions: ['states:StartExecution'], on: 'own-runbook-machines' },
  ],
})
