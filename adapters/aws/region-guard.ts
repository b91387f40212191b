import type { Client } from 'pg'
import type { Clock } from '../../core/ports/clock'

/** How a guard spends one invocation. */
export interface GuardShift {
  readonly workForMs: number
  readonly renewEveryMs: number
  /** Opens a session of the fence role. */
  connect(): Promise<Client>
  disconnect(client: Client): void
  /** One cycle; says what it decided. */
  cycle(client: Client): Promise<string>
}

/**
 * Repeats the guard's cycle until the working time is over, on one session that is opened again after a failure.
 * Gives how often each decision was made; a cycle that failed counts as `failed`, and the lease runs on to its end.
 */
export async function keepGuard(shift: GuardShift, clock: Clock): Promise<Record<string, number>> {
  const endMs = clock.monotonicMs() + shift.workForMs
  const decided: Record<string, number> = {}
  let client: Client | undefined
  for (;;) {
    const startedMs = clock.monotonicMs()
    let decision = 'failed'
    try {
      client ??= await shift.connect()
      decision = await shift.cycle(client)
    } catch {
      if (client) shift.disconnect(client)
      client = undefined
    }
    decided[decision] = (decided[decision] ?? 0) + 1
    const nextMs = startedMs + shift.renewEveryMs
    if (nextMs >= endMs) break
    await clock.sleep(Math.max(0, nextMs - clock.monotonicMs()))
  }
  if (client) shift.disconnect(client)
  return decided
}

/**
 * The shifts of several databases side by side, so that none waits for one that does not answer, nor for those that have to be
 * looked up first (`more`); decisions are counted together, and a look that failed counts as `failed`.
 */
export async function keepGuards(
  shifts: readonly GuardShift[],
  clock: Clock,
  more: () => Promise<readonly GuardShift[]> = async () => [],
): Promise<Record<string, number>> {
  const decided: Record<string, number> = {}
  const keep = (several: readonly GuardShift[]) => Promise.all(several.map((shift) => keepGuard(shift, clock)))
  const lookedUp = more().then(keep, () => [{ failed: 1 }])
  for (const own of [...(await keep(shifts)), ...(await lookedUp)])
    for (const [decision, times] of Object.entries(own)) decided[decision] = (decided[decision] ?? 0) + times
  return decided
}
