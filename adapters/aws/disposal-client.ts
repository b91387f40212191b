import { LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import type { Policy } from '../../core/policy'
import { functionName } from '../../core/policy/names'
import { withRecoveryRegion } from '../../core/policy/two-regions'
import { clientSettings, refuseForeignEndpointsOfPerson } from './client-settings'
import type { AwsEnvironment } from './environment'
import { askFunction } from './lambda-call'

/** The function may run for 15 minutes: a disposal names a thousand objects with all their versions. */
const LONGEST_MS = 15 * 60_000

const answerSchema = z.object({ versions: z.number() })

/** Has the function of a region carry out an approved disposal. Throws PortError where it refuses or does not answer. */
export async function carryOutDisposal(
  policy: Policy,
  environment: AwsEnvironment,
  region: 'primary' | 'recovery',
  disposal: string,
): Promise<{ readonly versions: number }> {
  refuseForeignEndpointsOfPerson(environment)
  const where = withRecoveryRegion(policy).topology.regions[region]
  const lambda = new LambdaClient(clientSettings(where, { attempts: 1, answerMs: LONGEST_MS }))
  return askFunction(lambda, functionName(policy, 'archive-disposal'), { disposal }, answerSchema, LONGEST_MS)
}
