import type { InstanceRef } from './database'

/** What was done to the credentials of a database: names and counts, never a secret. */
export interface Revocation {
  /** Login roles whose credentials no longer let anybody in. */
  readonly roles: readonly string[]
  readonly sessionsEnded: number
}

/** Cuts an attacker off. It can open nothing again, and touches neither data nor logs. */
export interface Containment {
  /**
   * Cuts every path into the database but the one of the fence role, and ends what came over them. The same again changes
   * nothing. Throws PortError('conflict') where a path is still open afterwards.
   */
  isolate(ref: InstanceRef, request: { readonly key: string }): Promise<{ readonly connectionsEnded: number }>
  /**
   * Makes every credential worthless but the fence role's: no session goes on, no login succeeds, and none would if logins
   * were allowed again. The same again changes nothing.
   */
  revoke(ref: InstanceRef, request: { readonly key: string }): Promise<Revocation>
}
