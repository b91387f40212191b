import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { CHANGE_SAMPLES } from '../../core/detection/change-watch'
import { INTRUSION_FINDINGS } from '../../core/runbook/isolate-and-recover/input'
import { OWN_DATABASE, withPolicy } from '../contract'

/** What a schedule sends; nothing of it is used. */
export const input = z.looseObject({})

export const output = z.object({
  outcome: z.enum(['first-look', 'compared', 'not-the-writer']),
  findings: z.readonly(z.array(z.enum(INTRUSION_FINDINGS))),
})

/** Compares the counters of the serving database with those of its last look, and says what is changing faster than it may. */
export const contract = withPolicy({
  name: 'change-watch',
  places: ['primary', 'recovery'],
  network: 'isolated',
  timeoutSeconds: 45,
  publishes: ['changeFindings'],
  environment: [...OWN_DATABASE, VARIABLE.recoveryTable, VARIABLE.journalRelay],
  permissions: [
    { actions: ['rds-db:connect'], on: 'own-database-user:fence-role' },
    // Where the table stands; elsewhere through the relay, since the subnets reach no other region.
    { actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], on: 'own-coordination-table', leadingKeys: [CHANGE_SAMPLES] },
    { actions: ['lambda:InvokeFunction'], on: 'own-journal-relay-function' },
  ],
})
