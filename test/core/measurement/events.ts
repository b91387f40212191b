import type { WorkloadEvent } from '../../../core/measurement'

export const OLD = 'old.example'
export const NEW = 'new.example'
/** A reading that no double can hold exactly, as a machine up for 110 days gives. */
export const FAULT_NS = 9_507_199_254_740_993n

/** One line of a log at so many seconds from the fault. */
export const event = (
  kind: WorkloadEvent['kind'],
  client: number,
  sequence: number,
  atSeconds: number,
  endpoint?: string,
): WorkloadEvent => ({
  kind,
  client,
  sequence,
  atNs: String(FAULT_NS + BigInt(Math.round(atSeconds * 1e9))),
  wallMs: Date.UTC(2026, 10, 23, 12) + Math.round(atSeconds * 1000),
  endpoint,
})

/** One attempt: begun, and answered after `tookSeconds`. */
export const attempt = (
  kind: Exclude<WorkloadEvent['kind'], 'intent'>,
  client: number,
  sequence: number,
  begunSeconds: number,
  tookSeconds: number,
  endpoint: string,
): WorkloadEvent[] => [
  event('intent', client, sequence, begunSeconds, endpoint),
  event(kind, client, sequence, begunSeconds + tookSeconds, endpoint),
]

export async function* stream(events: Iterable<WorkloadEvent>): AsyncGenerator<WorkloadEvent> {
  yield* events
}
