import { LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import type { Policy } from '../../core/policy'
import { hasRecoveryRegion } from '../../core/policy/two-regions'
import { isPortError } from '../../core/ports/errors'
import { functionName } from '../../core/policy/names'
import { clientSettings, refuseForeignEndpointsOfPerson } from './client-settings'
import type { AwsEnvironment } from './environment'
import { askFunction } from './lambda-call'

const verdict = z.enum(['pass', 'fail', 'inconclusive'])
const answer = z.object({
  region: z.string(),
  verdict,
  checks: z.array(
    z.object({
      check: z.string(),
      verdict,
      looked: z.number(),
      findings: z.array(z.object({ code: z.string(), subject: z.string() })),
      unseen: z.array(z.string()),
    }),
  ),
})
type DailyAnswer = z.output<typeof answer>

/** As long as the function may run. */
const RUN_MS = 900_000

/** Has the function of each data region look now. A region that does not answer is inconclusive, and hides no other. */
export async function askForDailyChecks(policy: Policy, environment: AwsEnvironment): Promise<DailyAnswer[]> {
  refuseForeignEndpointsOfPerson(environment)
  const { regions } = policy.topology
  const names = hasRecoveryRegion(policy)
    ? [policy.topology.regions.primary, policy.topology.regions.recovery]
    : [regions.primary]
  return Promise.all(
    names.map(async (region) => {
      const client = new LambdaClient(clientSettings(region, { attempts: 1, answerMs: RUN_MS }))
      try {
        return await askFunction(client, functionName(policy, 'daily-verification'), {}, answer, RUN_MS)
      } catch (error) {
        if (!isPortError(error)) throw error
        return unanswered(region, error.code)
      }
    }),
  )
}

const unanswered = (region: string, code: string): DailyAnswer => ({
  region,
  verdict: 'inconclusive',
  checks: [{ check: 'daily-verification', verdict: 'inconclusive', looked: 0, findings: [], unseen: [code] }],
})
