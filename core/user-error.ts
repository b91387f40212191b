const brand = Symbol.for('neonpro.recovery.UserError')

/** Something the person at the keyboard can put right: what was wrong, with the value, and what to do about it. */
export class UserError extends Error {
  readonly [brand] = true

  constructor(
    readonly code: string,
    message: string,
    readonly resolution: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'UserError'
  }
}

export const isUserError = (error: unknown): error is UserError =>
  typeof error === 'object' && error !== null && (error as { [brand]?: unknown })[brand] === true
