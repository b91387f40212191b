import type { Clock } from '../../core/ports/clock'
import type { ElevatedSession, ElevatedSessions } from '../../core/ports/elevated-sessions'
import { PortError } from '../../core/ports/errors'

/** Opens nothing, and remembers what it was asked to open: for rehearsals, where there is no role to take. */
export class RehearsedSessions implements ElevatedSessions {
  readonly opened: { readonly role: string; readonly person: string; readonly minutes: number }[] = []

  constructor(
    private readonly clock: Clock,
    private readonly roles: readonly string[],
  ) {}

  async open(request: { role: string; person: string; minutes: number }): Promise<ElevatedSession> {
    if (!this.roles.includes(request.role))
      throw new PortError('denied', 'ROLE_NOT_OPENED', `'${request.role}' is not opened for one task`)
    this.opened.push(request)
    return { expiresAt: new Date(this.clock.now().getTime() + request.minutes * 60_000).toISOString() }
  }
}
