import type { AwsEnvironment } from './environment'
import { profileEndpoints } from './profile-endpoints'

/** Longest wait for a connection; a region that is gone mostly does not refuse, it stays silent. */
const CONNECT_MS = 2_000
/** Longest wait for the answer of one attempt of an ordinary call. */
const ANSWER_MS = 5_000

/** Settings every client of the SDK is made with: a region, and no wait without an end. */
export const clientSettings = (region: string, { attempts = 3, answerMs = ANSWER_MS } = {}) => ({
  region,
  maxAttempts: attempts,
  requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: answerMs, throwOnRequestTimeout: true },
})

/** The options of a call that has to end by then, whatever its attempts are doing. */
export const within = (deadlineMs: number) => ({ abortSignal: AbortSignal.timeout(deadlineMs) })

/** The deadline of an ordinary call with all its attempts. */
export const CALL_MS = 15_000

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** Whether a host is this machine. */
export const isLoopback = (host: string): boolean => LOOPBACK.has(host)

/**
 * Refuses an endpoint of the SDK that is neither AWS's own nor on this machine: a stray variable must never send
 * credentials or a promotion to a stranger. Throws with the variable's name.
 */
export function refuseForeignEndpoints(environment: AwsEnvironment): void {
  for (const [name, value] of Object.entries(environment))
    if (name.startsWith('AWS_ENDPOINT_URL') && value) refuseForeign(name, value)
}

/** The same for whoever acts with the settings of a person, where a profile may name endpoints too. */
export function refuseForeignEndpointsOfPerson(environment: AwsEnvironment): void {
  refuseForeignEndpoints(environment)
  for (const { where, url } of profileEndpoints(environment)) refuseForeign(where, url)
}

function refuseForeign(where: string, url: string): void {
  const host = URL.canParse(url) ? new URL(url).hostname : url
  if (!isLoopback(host))
    throw new Error(`${where} points to '${host}', only loopback is allowed; unset it to reach AWS itself`)
}
