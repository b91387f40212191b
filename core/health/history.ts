import { z } from 'zod'
import { newestOf } from '../evidence/newest'
import type { Policy } from '../policy'
import type { WriteOnceStore } from '../ports/write-once-store'
import { availabilityOf, type Availability } from './availability'
import { HEALTH_VERDICTS, type HealthVerdictName, type Serving } from './judges'
import { HEALTH_CHECK } from './record-kind'

const DAY_MS = 86_400_000

/** One look, as its record keeps it. */
export interface PastLook {
  readonly at: string
  readonly verdict: HealthVerdictName
  readonly serving: Serving
  readonly findings: readonly string[]
}

/** What the looks from one region were, the newest first, and the availability that they come to. */
export interface HealthHistory {
  readonly region: string
  readonly looks: readonly PastLook[]
  readonly availability: Availability
}

const measured = z.looseObject({
  verdict: z.enum(HEALTH_VERDICTS),
  serving: z.enum(['up', 'down', 'unknown']),
  findings: z.array(z.looseObject({ code: z.string() })),
})

/** Reads back one chain of looks over the days of a window; what is no look of that form is left out. */
export async function healthHistory(
  { health, kpis }: Pick<Policy, 'health' | 'kpis'>,
  store: Pick<WriteOnceStore, 'get'>,
  { region, now, days = health.windowDays }: { region: string; now: Date; days?: number },
): Promise<HealthHistory> {
  const from = new Date(now.getTime() - days * DAY_MS).toISOString()
  const looks: PastLook[] = []
  for await (const { finishedAt, kind, measurements } of newestOf(store, { region, writer: HEALTH_CHECK })) {
    const seen = kind === HEALTH_CHECK ? measured.safeParse(measurements).data : undefined
    if (seen) {
      const { verdict, serving, findings } = seen
      looks.push({ at: finishedAt, verdict, serving, findings: findings.map(({ code }) => code) })
    }
    // The one before the window says how it began.
    if (finishedAt < from) break
  }
  return {
    region,
    looks: looks.filter(({ at }) => at >= from),
    availability: availabilityOf(looks, {
      from,
      to: now.toISOString(),
      // A look that was left out once says nothing; the one after it goes on.
      reachMinutes: 2 * health.everyMinutes,
      targetPercent: kpis.availability.targetPercent,
    }),
  }
}
