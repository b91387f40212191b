import { LambdaClient } from '@aws-sdk/client-lambda'
import type * as z from 'zod/mini'
import type { Policy } from '../../core/policy'
import { hasRecoveryRegion } from '../../core/policy/two-regions'
import { functionName } from '../../core/policy/names'
import type { Json } from '../../core/json'
import { isPortError } from '../../core/ports/errors'
import { clientSettings, refuseForeignEndpointsOfPerson } from './client-settings'
import type { AwsEnvironment } from './environment'
import { healthAnswer, historyAnswer, type HealthAnswer, type HistoryAnswer } from './health-wire'
import { askFunction } from './lambda-call'

/** As long as the function may run. */
const RUN_MS = 120_000

/** Has the function of each data region look now. A region that does not answer is unknown, and hides no other. */
export const askForHealth = (policy: Policy, environment: AwsEnvironment): Promise<HealthAnswer[]> =>
  ofEachRegion(policy, environment, async (ask, region) => {
    try {
      return await ask({}, healthAnswer)
    } catch (error) {
      if (!isPortError(error)) throw error
      return unanswered(region, error.code)
    }
  })

/** What earlier looks from each data region came to. Throws PortError where a region does not tell. */
export const askForHealthHistory = (
  policy: Policy,
  environment: AwsEnvironment,
  days: number,
): Promise<HistoryAnswer[]> => ofEachRegion(policy, environment, (ask) => ask({ ask: 'history', days }, historyAnswer))

type Ask = <Form extends z.ZodMiniType>(request: Json, form: Form) => Promise<z.output<Form>>

function ofEachRegion<T>(
  policy: Policy,
  environment: AwsEnvironment,
  work: (ask: Ask, region: string) => Promise<T>,
): Promise<T[]> {
  refuseForeignEndpointsOfPerson(environment)
  const { primary, ...others } = policy.topology.regions
  const regions = hasRecoveryRegion(policy) && 'recovery' in others ? [primary, others.recovery] : [primary]
  return Promise.all(
    regions.map((region) => {
      const client = new LambdaClient(clientSettings(region, { attempts: 1, answerMs: RUN_MS }))
      const name = functionName(policy, 'health-check')
      return work((request, form) => askFunction(client, name, request, form, RUN_MS), region)
    }),
  )
}

const unanswered = (region: string, code: string): HealthAnswer => ({
  region,
  at: new Date().toISOString(),
  verdict: 'unknown',
  serving: 'unknown',
  checks: [{ check: 'health-check', verdict: 'unknown', looked: 0, findings: [], unseen: [code] }],
  notExpected: [],
})
