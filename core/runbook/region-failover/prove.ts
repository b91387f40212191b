import { ordinary, type FailoverStep } from './input'

/** Closes the application logins first, so that nobody enters a database that has not been judged yet. */
export const prove: FailoverStep = {
  ...ordinary,
  id: 'prove',
  title: 'Prove that the new primary writes',
  byHand:
    'Close the application logins on the new primary. Commit one row as the fence role and read it from a second session.',
  privilege: 'database',
  begin: async ({ ports, input, key }) => {
    if (await ports.database.inRecovery(input.replica)) return { kind: 'failed', code: 'STILL_IN_RECOVERY' }
    const { roles } = await ports.database.closeLogins(input.replica)
    const { position } = await ports.database.proveWrite(input.replica, key)
    return { kind: 'done', output: { closedRoles: roles.length, position } }
  },
  preview: async ({ ports, input }) => ({ inRecovery: await ports.database.inRecovery(input.replica) }),
  undo: { none: 'after the promotion there is only forward' },
}
