import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { withPolicy } from '../contract'

/** What a schedule sends; nothing of it is used. */
export const input = z.looseObject({})

export const output = z.object({ overdue: z.readonly(z.array(z.string())) })

/** Publishes how many activities of the calendar nobody attested in time, or nothing asked for. */
export const contract = withPolicy({
  name: 'calendar-watch',
  places: ['recovery'],
  network: 'none',
  timeoutSeconds: 60,
  publishes: ['overdueActivities'],
  environment: [VARIABLE.recoveryTable, VARIABLE.witnessTable],
  permissions: (['recovery-coordination-table', 'witness-coordination-table'] as const).map((on) => ({
    actions: ['dynamodb:Query'],
    on,
    leadingKeys: ['tasks'],
  })),
})
