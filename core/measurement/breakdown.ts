const PHASES = ['detect', 'fence', 'promote', 'switch', 'reconnect'] as const
export type OutagePhase = (typeof PHASES)[number]

/** When a step of the runbook ended; undefined where it did not. */
export interface StepEnd {
  readonly name: string
  readonly finishedAt?: string
}

/** One phase of the time from the fault to the first served client, in seconds from the fault. */
export interface PhaseSpan {
  readonly phase: OutagePhase
  readonly fromSeconds: number
  readonly toSeconds: number
}

/** The step whose end ends each phase of a region failover. */
export const REGION_FAILOVER_PHASES: Readonly<Record<Exclude<OutagePhase, 'reconnect'>, string>> = {
  detect: 'decide',
  fence: 'confirm',
  promote: 'prove',
  switch: 'open',
}

/**
 * The same of a zone failover: its control plane fences, promotes and moves the name of the instance in one step, so that
 * nothing is left to switch once the standby is proved to write.
 */
export const ZONE_FAILOVER_PHASES: typeof REGION_FAILOVER_PHASES = {
  detect: 'decide',
  fence: 'fail-over',
  promote: 'prove',
  switch: 'prove',
}

/**
 * Cuts the time from the fault to the first acknowledgement by the new writer into phases that touch and add up to
 * it. A phase whose step never ended is missing, and so is every phase after it. Clients may be served before the
 * last step has written its end down: every end is therefore at most the moment of service.
 */
export function breakDown(world: {
  readonly faultAt: string
  readonly servedAgainAt?: string
  readonly steps: readonly StepEnd[]
  readonly endsWith: Readonly<Record<Exclude<OutagePhase, 'reconnect'>, string>>
}): PhaseSpan[] {
  const { faultAt, servedAgainAt, steps, endsWith } = world
  const sinceFault = (at: string | undefined): number | undefined =>
    at === undefined ? undefined : (Date.parse(at) - Date.parse(faultAt)) / 1000
  const served = sinceFault(servedAgainAt)
  const spans: PhaseSpan[] = []
  let from = 0
  for (const phase of PHASES) {
    const step = phase === 'reconnect' ? undefined : steps.find(({ name }) => name === endsWith[phase])
    const end = phase === 'reconnect' ? served : sinceFault(step?.finishedAt)
    if (end === undefined) break
    const to = Math.max(from, Math.min(end, served ?? end))
    spans.push({ phase, fromSeconds: from, toSeconds: to })
    from = to
  }
  return spans
}

/** The phases as the drill result names them; null where a phase was not measured. */
export function phaseSeconds(spans: readonly PhaseSpan[]) {
  const of = (wanted: OutagePhase): number | null => {
    const span = spans.find(({ phase }) => phase === wanted)
    return span ? span.toSeconds - span.fromSeconds : null
  }
  return {
    detectSeconds: of('detect'),
    fenceSeconds: of('fence'),
    promoteSeconds: of('promote'),
    switchSeconds: of('switch'),
    reconnectSeconds: of('reconnect'),
  }
}
