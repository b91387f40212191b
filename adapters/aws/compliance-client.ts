import { LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import type { ComplianceSeen } from '../../core/compliance/validation/compliance-after'
import type { Policy } from '../../core/policy'
import { functionName } from '../../core/policy/names'
import { hasRecoveryRegion } from '../../core/policy/two-regions'
import type { Controls } from '../../core/ports/controls'
import { PortError } from '../../core/ports/errors'
import { clientSettings, refuseForeignEndpointsOfPerson } from './client-settings'
import type { AwsEnvironment } from './environment'
import { askFunction } from './lambda-call'

const ids = z.readonly(z.array(z.string()))
const seen = z.object({
  at: z.string(),
  catalogue: z.string(),
  validation: z.string(),
  decidedByMachine: z.number(),
  held: ids,
  broken: ids,
  controls: z.number(),
  unseen: ids,
})
const answer = z.object({ region: z.string(), compliance: z.optional(seen) })

/** What the function that sees every region's evidence came to, with the regions whose templates it did not see. */
export type ValidatedInAws = ComplianceSeen & z.output<typeof seen>

/** As long as the function may run. */
const RUN_MS = 900_000

/** Has every control validated where the evidence of all regions arrives: in the recovery region, also while the primary one is dark. */
export async function askForCompliance(policy: Policy, environment: AwsEnvironment): Promise<ValidatedInAws> {
  refuseForeignEndpointsOfPerson(environment)
  return validateBy(policy)
}

/** The same as a runbook sees it. */
export const awsControls = (policy: Policy, deadlineMs = RUN_MS): Controls => ({
  validate: () => validateBy(policy, deadlineMs),
})

async function validateBy(policy: Policy, deadlineMs = RUN_MS): Promise<ValidatedInAws> {
  const { regions } = policy.topology
  const region = hasRecoveryRegion(policy) ? policy.topology.regions.recovery : regions.primary
  const client = new LambdaClient(clientSettings(region, { attempts: 1, answerMs: deadlineMs }))
  const name = functionName(policy, 'compliance-validation')
  const { compliance } = await askFunction(client, name, {}, answer, deadlineMs)
  if (compliance) return compliance
  throw new PortError('conflict', 'NOT_VALIDATED', `the function in '${region}' does not see every region's evidence`)
}
