import type { LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import type { Deployments } from '../../core/ports/deployments'
import { PortError } from '../../core/ports/errors'
import type { VersionKeeping } from '../../core/ports/version-keeping'
import { deployedAnswer, deployedThrough } from '../../core/release/deployed-call'
import { callFunction } from './lambda-call'
import { failureTold, toldFailure } from './told-failure'

const answers = z.union([toldFailure, deployedAnswer])

/** What is deployed in the region that serves, asked through the function there, which alone may see it. */
export const lambdaDeployments = (
  client: LambdaClient,
  name: string,
  deadlineMs: number,
): Deployments & VersionKeeping =>
  deployedThrough(async (call) => {
    const answer = z.safeParse(answers, await callFunction(client, name, { ...call }, deadlineMs))
    if (!answer.success) throw new PortError('invalid', 'RELEASE_READER_FOREIGN', `'${name}' answered in another form`)
    if ('kind' in answer.data) throw failureTold(answer.data, `asking '${name}' about '${call.component}' failed`)
    return answer.data
  })
