import { GetFunctionUrlConfigCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { answered } from '../../core/access/answer'
import type { DeskCall } from '../../core/access/desk'
import type { Json } from '../../core/json'
import type { Policy } from '../../core/policy'
import { functionName } from '../../core/policy/names'
import { withRecoveryRegion } from '../../core/policy/two-regions'
import { PortError } from '../../core/ports/errors'
import { DESK_FUNCTION } from './agreed-names'
import { CALL_MS, clientSettings, isLoopback, refuseForeignEndpointsOfPerson, within } from './client-settings'
import type { AwsEnvironment } from './environment'
import { asking } from './failures'

/** Longest wait for the desk: it writes in two regions, and may have to start first. */
const DESK_MS = 30_000

/** Calls the desk in the recovery region under the credentials of this process. Throws the PortError that it answers. */
export async function callDesk(policy: Policy, environment: AwsEnvironment, call: DeskCall): Promise<Json> {
  refuseForeignEndpointsOfPerson(environment)
  const region = withRecoveryRegion(policy).topology.regions.recovery
  const lambda = new LambdaClient(clientSettings(region))
  const name = functionName(policy, DESK_FUNCTION)
  const { FunctionUrl = '' } = await asking('lambda:GetFunctionUrlConfig', () =>
    lambda.send(new GetFunctionUrlConfigCommand({ FunctionName: name }), within(CALL_MS)),
  )
  const url = new URL(FunctionUrl)
  // The request is signed with credentials of a person: it goes to Lambda, or to this machine, and nowhere else.
  if (!url.hostname.endsWith(`.lambda-url.${region}.on.aws`) && !isLoopback(url.hostname))
    throw new PortError('denied', 'DESK_FOREIGN', `the desk's URL leads to '${url.hostname}', which is none of Lambda`)
  const body = JSON.stringify(call)
  const signer = new SignatureV4({ service: 'lambda', region, credentials: lambda.config.credentials, sha256: Sha256 })
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port && { port: Number(url.port) }),
    path: url.pathname,
    query: {},
    headers: { host: url.host, 'content-type': 'application/json' },
    body,
  })
  const answer = await answerOf(url, headers, body)
  return answered(answer)
}

async function answerOf(url: URL, headers: Record<string, string>, body: string) {
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(DESK_MS) })
    const text = await response.text()
    return { status: response.status, body: (isJson(response) ? JSON.parse(text) : null) as Json }
  } catch (error) {
    throw new PortError('unreachable', 'DESK_UNREACHABLE', 'the desk in the recovery region did not answer', {
      cause: error,
    })
  }
}

const isJson = ({ headers }: Response): boolean => (headers.get('content-type') ?? '').startsWith('application/json')
