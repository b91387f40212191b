import { isDeclared, observe, QUIET } from '../core/detection/detector'
import type { Policy } from '../core/policy'
import type { Ports } from '../core/ports'
import type { InstanceRef } from '../core/ports/database'

/**
 * Watches the health signals as production would, at the rehearsal's pace. True as soon as the primary is declared lost,
 * false when it has not been for `forMs` milliseconds.
 */
export async function isDeclaredWithin(
  forMs: number,
  { health, clock }: Pick<Ports, 'health' | 'clock'>,
  { detection }: Policy['pace'],
  primary: InstanceRef,
  replica: InstanceRef,
): Promise<boolean> {
  const began = clock.monotonicMs()
  for (let seen = QUIET; ;) {
    const started = clock.monotonicMs()
    seen = observe(seen, await health.signals(primary, replica), started)
    if (isDeclared(seen, detection, clock.monotonicMs())) return true
    if (clock.monotonicMs() - began > forMs) return false
    await clock.sleep(Math.max(0, detection.probeEverySeconds * 1000 - (clock.monotonicMs() - started)))
  }
}
