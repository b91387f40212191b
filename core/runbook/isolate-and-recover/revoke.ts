import { usual, type IsolateAndRecoverStep } from './input'

/** The fence forbids logins; this takes the worth from the credentials themselves, whoever opens a login again. */
export const revoke: IsolateAndRecoverStep = {
  ...usual,
  id: 'revoke',
  title: 'Revoke sessions and credentials',
  byHand:
    'Take the password from every login role of the compromised database, end its sessions, and deny IAM sessions issued before now. Try one old credential: it has to be refused.',
  privilege: 'contain',
  timeoutSeconds: ({ response }) => response.timeouts.containSeconds,
  begin: async ({ ports, input, key }) => {
    const { roles, sessionsEnded } = await ports.containment.revoke(input.writer, { key })
    return { kind: 'done', output: { roles: roles.length, sessionsEnded } }
  },
  preview: async ({ input }) => ({ wouldRevokeOn: input.writer.instance }),
  undo: { none: 'a credential that may be stolen is never made good again' },
}
