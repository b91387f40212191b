import { ordinary, type MoveStep } from './input'

/** Closes the application logins first, so that nobody enters a database that has not been judged yet. */
export const prove: MoveStep = {
  ...ordinary,
  id: 'prove',
  title: 'Prove that the new writer writes',
  byHand:
    'Close the application logins on the new writer. Commit one row as the fence role and read it from a second session.',
  privilege: 'database',
  begin: async ({ ports, input, key }) => {
    if (await ports.database.inRecovery(input.successor)) return { kind: 'failed', code: 'STILL_IN_RECOVERY' }
    const { roles } = await ports.database.closeLogins(input.successor)
    const { position } = await ports.database.proveWrite(input.successor, key)
    return { kind: 'done', output: { closedRoles: roles.length, position } }
  },
  preview: async ({ ports, input }) => ({ inRecovery: await ports.database.inRecovery(input.successor) }),
  undo: { none: 'after the promotion there is only forward' },
}
