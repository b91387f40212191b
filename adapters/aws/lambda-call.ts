import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import type { Json } from '../../core/json'
import { PortError } from '../../core/ports/errors'
import { within } from './client-settings'
import { asking } from './failures'

/**
 * Runs another function and gives its answer. Throws PortError('unreachable') also where the function itself failed:
 * what it had done by then is unknown.
 */
export async function callFunction(
  client: LambdaClient,
  name: string,
  payload: Json,
  deadlineMs: number,
): Promise<unknown> {
  const command = new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(payload)) })
  const answer = await asking(`calling '${name}'`, () => client.send(command, within(deadlineMs)))
  if (answer.FunctionError) {
    throw new PortError('unreachable', 'FUNCTION_FAILED', `'${name}' failed; its own log says why`)
  }
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString('utf8') || 'null') as unknown
}
