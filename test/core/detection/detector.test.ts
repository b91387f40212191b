import { isDeclared, observe, QUIET, type Detection } from '../../../core/detection/detector'
import type { HealthSignal } from '../../../core/ports/health'

const PACE = { probeEverySeconds: 0.25, probeTimeoutSeconds: 0.3, consecutiveFailures: 6 }

const signals = (checkers: HealthSignal['verdict'], receiver: HealthSignal['verdict']): HealthSignal[] => [
  { kind: 'health-checkers', verdict: checkers, observedAt: '2026-01-01T00:00:00Z' },
  { kind: 'replication-receiver', verdict: receiver, observedAt: '2026-01-01T00:00:00Z' },
]

/** Runs rounds of [at, checkers, receiver] and returns the moment of declaration, if any. */
function declaredAt(rounds: readonly [number, HealthSignal['verdict'], HealthSignal['verdict']][]): number | undefined {
  let detection: Detection = QUIET
  for (const [at, checkers, receiver] of rounds) {
    detection = observe(detection, signals(checkers, receiver), at)
    if (isDeclared(detection, PACE, at)) return at
  }
  return undefined
}

const every250 = (from: number, to: number, checkers: HealthSignal['verdict'], receiver: HealthSignal['verdict']) =>
  Array.from(
    { length: (to - from) / 250 },
    (_, i) => [from + i * 250, checkers, receiver] as [number, HealthSignal['verdict'], HealthSignal['verdict']],
  )

describe('detector', () => {
  test('declares once both kinds have been down for the whole window', () => {
    expect(declaredAt(every250(0, 5000, 'down', 'down'))).toBe(1500)
  })

  test('does not declare for a pause of one second, however often it comes', () => {
    const pauses = [0, 2000, 4000, 6000].flatMap((at) => [
      ...every250(at, at + 1000, 'down', 'down'),
      ...every250(at + 1000, at + 2000, 'up', 'up'),
    ])
    expect(declaredAt(pauses)).toBeUndefined()
  })

  test('does not declare on one kind of observer alone', () => {
    expect(declaredAt(every250(0, 5000, 'down', 'up'))).toBeUndefined()
    expect(declaredAt(every250(0, 5000, 'up', 'down'))).toBeUndefined()
  })

  test('never counts unknown as down', () => {
    expect(declaredAt(every250(0, 5000, 'down', 'unknown'))).toBeUndefined()
  })

  test('counts from the start of the later kind', () => {
    expect(declaredAt([...every250(0, 1000, 'down', 'up'), ...every250(1000, 5000, 'down', 'down')])).toBe(2500)
  })

  test('one good answer starts the window again', () => {
    expect(
      declaredAt([...every250(0, 1250, 'down', 'down'), [1250, 'up', 'down'], ...every250(1500, 5000, 'down', 'down')]),
    ).toBe(3000)
  })

  test('needs more than one failed round after a long silence of its own', () => {
    const afterSilence = observe(QUIET, signals('down', 'down'), 0)
    expect(isDeclared(afterSilence, PACE, 60_000)).toBe(false)
  })
})
