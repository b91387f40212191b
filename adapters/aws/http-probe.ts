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
