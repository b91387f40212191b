import type { Attempts } from '../../core/detection/service-level'
import type { Policy } from '../../core/policy'
import type { Clock } from '../../core/ports/clock'
import type { HealthSignal } from '../../core/ports/health'

type Attempt = HealthSignal['verdict']

/**
 * Asks a health page until it answers well, at most as often as the policy demands failures in a row. `down` says that
 * every attempt failed, and since when. What may be our own mistake (a name that does not resolve, a page that moved)
 * is unknown, never down.
 */
export async function probe(
  url: string,
  pace: Policy['pace']['detection'],
  clock: Clock,
): Promise<Omit<HealthSignal, 'kind'>> {
  const since = clock.now().toISOString()
  for (let attempt = 1; ; attempt++) {
    const startedMs = clock.monotonicMs()
    const verdict = await ask(url, pace.probeTimeoutSeconds * 1000)
    const observedAt = clock.now().toISOString()
    if (verdict !== 'down') return { verdict, observedAt }
    if (attempt >= pace.consecutiveFailures) return { verdict, observedAt, since }
    await clock.sleep(Math.max(0, pace.probeEverySeconds * 1000 - (clock.monotonicMs() - startedMs)))
  }
}

/**
 * Asks a health page at a steady pace, whatever becomes of each attempt, as a crowd of clients would: whoever gets anything but
 * a good answer is not served, be it by our own mistake.
 */
export async function sample(
  url: string,
  { attempts, everySeconds }: Policy['operations']['availability'],
  timeoutSeconds: number,
  clock: Clock,
): Promise<Attempts> {
  const asked: Promise<Attempt>[] = []
  while (asked.length < attempts) {
    if (asked.length > 0) await clock.sleep(everySeconds * 1000)
    asked.push(ask(url, timeoutSeconds * 1000))
  }
  const answers = await Promise.all(asked)
  return { asked: attempts, answered: answers.filter((answer) => answer === 'up').length }
}

async function ask(url: string, timeoutMs: number): Promise<Attempt> {
  try {
    const { ok, status, body } = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'manual' })
    await body?.cancel()
    if (ok) return 'up'
    return status >= 500 ? 'down' : 'unknown'
  } catch (error) {
    const code = (error as { cause?: { code?: unknown } }).cause?.code
    return code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'unknown' : 'down'
  }
}
