/**
 * How a call through a port failed, in the only terms a runbook acts on:
 * - `unreachable`: no answer before the deadline; the effect may or may not have happened
 * - `throttled`: refused for now, nothing happened
 * - `conflict`: refused because the world is not in the expected state
 * - `denied`: refused for lack of permission
 * - `invalid`: the request can never succeed
 */
export type PortFailure = 'unreachable' | 'throttled' | 'conflict' | 'denied' | 'invalid'

const brand = Symbol.for('neonpro.recovery.PortError')

/** The one error a port may throw on purpose. `code` is stable and safe to log; `message` carries no data of patients. */
export class PortError extends Error {
  readonly [brand] = true

  constructor(
    readonly failure: PortFailure,
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'PortError'
  }
}

/** Recognises a PortError also when two copies of this module are loaded (a bundle beside its source). */
export const isPortError = (error: unknown): error is PortError =>
  typeof error === 'object' && error !== null && (error as { [brand]?: unknown })[brand] === true
