import { z } from 'zod'
import type { Policy } from '../../core/policy'
import type { Clock } from '../../core/ports/clock'

const served = z.object({ version: z.string(), answered: z.number(), failed: z.number() }).nullable()

/** Longest a bad release may stay unnoticed before the drill itself gives up; not an objective. */
const GIVES_UP_MS = 60_000

/** Resolves as soon as the share of requests that fail at the host of the program rings the alarm, as it would in production. */
export async function untilFailing(
  clock: Clock,
  port: number,
  { lookEverySeconds, failedShare, looks }: Policy['rehearsal']['badRelease'],
): Promise<void> {
  const beganMs = clock.monotonicMs()
  let before = await countsOf(port)
  for (let bad = 0; bad < looks;) {
    if (clock.monotonicMs() - beganMs > GIVES_UP_MS)
      throw new Error(`the bad release was not noticed within ${GIVES_UP_MS / 1000} s`)
    await clock.sleep(lookEverySeconds * 1000)
    const now = await countsOf(port)
    // Another version counts from zero.
    const since = now.version === before.version ? before : { answered: 0, failed: 0 }
    const answered = now.answered - since.answered
    bad = answered > 0 && (now.failed - since.failed) / answered >= failedShare ? bad + 1 : 0
    before = now
  }
}

async function countsOf(port: number) {
  const response = await fetch(`http://127.0.0.1:${port}/-/served`)
  return served.parse(await response.json()) ?? { version: 'none', answered: 0, failed: 0 }
}
