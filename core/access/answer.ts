import * as z from 'zod/mini'
import type { Json } from '../json'
import { isPortError, PortError, type PortFailure } from '../ports/errors'

/** What is said to whoever asked from elsewhere: a status of HTTP, and what was asked for or why not. */
export interface Answer {
  readonly status: number
  readonly body: Json
}

/** A refusal as a status of HTTP, and back. */
const STATUS: Readonly<Record<PortFailure, number>> = {
  unreachable: 503,
  throttled: 429,
  conflict: 409,
  denied: 403,
  invalid: 400,
}

/** Refusals are answers; what is a mistake of ours is thrown. */
export async function answering(work: () => Promise<unknown>): Promise<Answer> {
  try {
    return { status: 200, body: plain(await work()) }
  } catch (error) {
    if (!isPortError(error)) throw error
    return { status: STATUS[error.failure], body: { code: error.code, message: error.message } }
  }
}

/** The answer as a caller takes it in. Throws the PortError that was answered. */
export function answered({ status, body }: Answer): Json {
  if (status === 200) return body
  const refusal = refusalSchema.safeParse(body)
  const { code, message } = refusal.success
    ? refusal.data
    : { code: 'DESK_FAILED', message: `the desk answered with status ${status}` }
  throw new PortError(FAILURES.find((failure) => STATUS[failure] === status) ?? 'unreachable', code, message)
}

const FAILURES = ['unreachable', 'throttled', 'conflict', 'denied', 'invalid'] as const satisfies readonly PortFailure[]
const refusalSchema = z.object({ code: z.string(), message: z.string() })

/** Without what is undefined, as it travels. */
const plain = (value: unknown): Json => z.json().parse(JSON.parse(JSON.stringify(value)))
