import { ordinary, type MoveStep } from './input'

/** Grants the write lease of the new epoch and lets the applications in. */
export const open: MoveStep = {
  ...ordinary,
  id: 'open',
  title: 'Open the new writer to the applications',
  byHand:
    'Grant the write lease of the new epoch and allow the application logins. Check that the guard of its region renews it.',
  privilege: 'database',
  begin: async ({ ports, input, outputs }) => {
    const { epoch } = outputs['settle-epoch'] as { epoch: number }
    const { roles } = await ports.database.openLogins(input.successor, epoch)
    return { kind: 'done', output: { openedRoles: roles.length, epoch } }
  },
  preview: async ({ input }) => ({ wouldOpen: input.successor.instance }),
  undo: { none: 'clients have written; closing again would only add an outage', pointOfNoReturn: true },
}
