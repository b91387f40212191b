import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { OWN_EVIDENCE, withPolicy } from '../contract'

/** What a schedule of the calendar sends: the activity, and the time for which it was scheduled. */
export const input = z.object({ activity: z.string().check(z.regex(/^[a-z0-9-]{1,60}$/)), dueAt: z.iso.datetime() })

export const output = z.object({ task: z.string(), told: z.boolean() })

/** Opens a task for an activity of the calendar that has come due, and tells its owner. */
export const contract = withPolicy({
  name: 'activity-due',
  places: ['recovery'],
  network: 'none',
  timeoutSeconds: 60,
  // The schedule knows only that Lambda took the event; a task is opened once.
  retries: 2,
  environment: [VARIABLE.topics, VARIABLE.recoveryTable, VARIABLE.witnessTable, ...OWN_EVIDENCE.environment],
  permissions: [
    ...(['recovery-coordination-table', 'witness-coordination-table'] as const).map((on) => ({
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      on,
      leadingKeys: ['tasks'],
    })),
    { actions: ['sns:Publish'], on: 'own-owner-topics' },
    ...OWN_EVIDENCE.permissions,
  ],
})
