import { referenceOf, type Finding } from '../../core/compliance/find'
import { kindOf } from '../../core/compliance/finding-kinds'
import type { Policy } from '../../core/policy'
import type { Clock } from '../../core/ports/clock'
import type { Weakening } from '../../core/posture/diff'
import type { Planted } from './planted-violations'

/** The planted violations that the comparison of two syntheses names, each at its own place. */
export function namedBy(weaker: readonly Weakening[], planted: readonly Planted[]): ReadonlySet<Planted> {
  return new Set(
    planted.filter(({ code, at }) =>
      weaker.some(
        ({ subject, path }) =>
          subject === `${at.stack}/${at.id}` &&
          (kindOf(code).kind === 'backup-selection' ? path === '*' : kindOf(code).seenAt.test(path)),
      ),
    ),
  )
}

export const isFound = (one: Planted, findings: readonly Finding[]): boolean =>
  findings.some(({ code, declared }) => code === one.code && referenceOf(declared) === referenceOf(one.thing))

/** Looks at the pace of the rehearsal until everything that was planted is found, or as often as a failure is confirmed. */
export async function watch(
  scan: () => Promise<readonly Finding[]>,
  planted: readonly Planted[],
  { probeEverySeconds, consecutiveFailures }: Policy['pace']['detection'],
  clock: Clock,
): Promise<readonly Finding[]> {
  for (let look = 1; ; look++) {
    const found = await scan()
    if (found.length >= planted.length || look >= consecutiveFailures) return found
    await clock.sleep(probeEverySeconds * 1000)
  }
}
