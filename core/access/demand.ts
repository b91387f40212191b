import type { Actor } from '../operator'
import { PortError } from '../ports/errors'
import { may, type Privilege } from './human-roles'

/** Throws PortError('denied') where the role of an actor may not do something. */
export function demand(actor: Actor, privilege: Privilege): void {
  if (!may(actor.role, privilege))
    throw new PortError('denied', 'ROLE_MAY_NOT', `the role '${actor.role}' may not ${privilege}`)
}
