import { ordinary, type FailoverStep } from './input'

/** Grants the write lease of the new epoch and lets the applications in. */
export const open: FailoverStep = {
  ...ordinary,
  id: 'open',
  title: 'Open the new primary to the applications',
  byHand:
    'Grant the write lease of the new epoch and allow the application logins. Check that the guard of the recovery region renews it.',
  privilege: 'database',
  begin: async ({ ports, input, outputs }) => {
    const { epoch } = outputs['claim-epoch'] as { epoch: number }
    const { roles } = await ports.database.openLogins(input.replica, epoch)
    return { kind: 'done', output: { openedRoles: roles.length, epoch } }
  },
  preview: async ({ input }) => ({ wouldOpen: input.replica.instance }),
  undo: { none: 'clients have written; closing again would only add an outage' },
}
