/** A role that is open for one person for minutes. Whoever holds it, holds it: never logged, never stored. */
export interface ElevatedSession {
  /** @default none: a rehearsal opens nothing */
  readonly credentials?: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken: string
  }
  readonly expiresAt: string
}

/** Opens roles that nobody holds by itself. */
export interface ElevatedSessions {
  /**
   * Opens a role under the person's mark, which stands in every record of what is done with it. It ends by itself. Throws
   * PortError('denied') for a role that may not be opened this way.
   */
  open(request: { readonly role: string; readonly person: string; readonly minutes: number }): Promise<ElevatedSession>
}
