import { RehearsedSessions } from '../adapters/memory/elevated-sessions'
import { atDesk, ofDesk, type DeskCall } from '../core/access/desk'
import { ELEVATED_ROLES } from '../core/access/human-roles'
import type { Json } from '../core/json'
import { chosenPolicy } from './chosen-policy'
import { operatorWorld, refused, type OperatorOptions } from './operator'

/** Asks the desk. In AWS the desk acts, since it knows who calls; on this machine a rehearsal of the same desk. */
export const askDesk = (options: OperatorOptions, call: DeskCall): Promise<Json> =>
  refused(async () => {
    if (options.target === 'aws') {
      const { callDesk } = await import('../adapters/aws/desk-client')
      return callDesk(chosenPolicy(options), process.env, call)
    }
    const world = await operatorWorld(options)
    const sessions = new RehearsedSessions(world.clock, ELEVATED_ROLES)
    return ofDesk(await atDesk(() => ({ ...world, sessions }), JSON.stringify(call)))
  })
