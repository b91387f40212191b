import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { healthAnswer, healthRequest, historyAnswer } from '../../adapters/aws/health-wire'
import { OWN_EVIDENCE, withPolicy } from '../contract'

/** What a schedule sends asks for a look, as an empty request does. */
export const input = healthRequest

export const output = z.union([healthAnswer, historyAnswer])

/** Looks at the health of the platform from its region, or tells what earlier looks came to; changes nothing but its evidence. */
export const contract = withPolicy({
  name: 'health-check',
  places: ['primary', 'recovery'],
  network: 'none',
  // The slowest look is the one beside the database; a month of records takes as long.
  timeoutSeconds: 120,
  publishes: ['unhealthyChecks'],
  environment: [
    VARIABLE.servedHealthUrl,
    VARIABLE.healthDatabase,
    VARIABLE.ownFunctions,
    VARIABLE.ownQueues,
    ...OWN_EVIDENCE.environment,
  ],
  permissions: [
    { actions: ['lambda:InvokeFunction'], on: 'own-health-database-function' },
    { actions: ['cloudwatch:GetMetricData'], on: 'the-account', reason: 'metrics have no ARN' },
    { actions: ['cloudwatch:DescribeAlarms'], on: 'own-alarms', reason: 'those of ours begin with one prefix' },
    ...OWN_EVIDENCE.permissions,
  ],
})
