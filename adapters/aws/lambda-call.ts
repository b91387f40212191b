import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
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
    const why = codeOf(payloadOf(answer))
    throw new PortError('unreachable', 'FUNCTION_FAILED', `'${name}' failed${why}; its own log says more`)
  }
  return payloadOf(answer)
}

/**
 * The same, for an answer of a known form. Throws PortError('invalid') for another one: as long as a deployment lasts, the
 * function may be of another version than whoever asks it.
 */
export async function askFunction<Form extends z.ZodMiniType>(
  client: LambdaClient,
  name: string,
  payload: Json,
  form: Form,
  deadlineMs: number,
): Promise<z.output<Form>> {
  const parsed = z.safeParse(form, await callFunction(client, name, payload, deadlineMs))
  if (parsed.success) return parsed.data
  throw new PortError(
    'invalid',
    'ANSWER_UNREADABLE',
    `'${name}' answers in another form; deploy the same version of both`,
  )
}

const payloadOf = ({ Payload }: { readonly Payload?: Uint8Array }): unknown =>
  JSON.parse(Buffer.from(Payload ?? []).toString('utf8') || 'null') as unknown

/** A function of ours fails with a code and nothing else; what AWS says instead may hold anything. */
const codeOf = (payload: unknown): string =>
  typeof payload === 'object' &&
  payload !== null &&
  'errorMessage' in payload &&
  typeof payload.errorMessage === 'string' &&
  /^[A-Z][A-Z_]{2,60}$/.test(payload.errorMessage)
    ? ` with ${payload.errorMessage}`
    : ''
