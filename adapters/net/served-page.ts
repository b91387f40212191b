import { get as getPlain } from 'node:http'
import { get as getSecure } from 'node:https'
import type { PageSeen } from '../../core/ports/health-probes'

/**
 * Asks a page once, on a connection of its own, and says what a client would have got: whatever is no answer by then is none.
 * `authority` is trusted instead of those of the machine.
 */
export function askPage(url: string, deadlineMs: number, authority?: string): Promise<PageSeen> {
  const startedMs = performance.now()
  const get = url.startsWith('https:') ? getSecure : getPlain
  return new Promise((resolve) => {
    const silent = (error: unknown) => resolve({ answered: false, code: codeOf(error) })
    const request = get(
      url,
      { agent: false, signal: AbortSignal.timeout(deadlineMs), ...(authority !== undefined && { ca: authority }) },
      (response) => {
        response.on('error', silent)
        // What it says is nobody's business here; an answer that does not end is none.
        response.resume().on('end', () => {
          const milliseconds = Math.round(performance.now() - startedMs)
          resolve({ answered: true, status: response.statusCode ?? 0, milliseconds })
        })
      },
    )
    request.on('error', silent)
  })
}

/** A code of Node or of OpenSSL, never the words, which may name an address. */
function codeOf(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError') return 'DEADLINE'
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : 'NO_ANSWER'
}
