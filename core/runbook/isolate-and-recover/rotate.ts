import { usual, type IsolateAndRecoverStep } from './input'

/** The copy holds the credentials of the clean point, the stolen one among them: nobody enters before all are new. */
export const rotate: IsolateAndRecoverStep = {
  ...usual,
  id: 'rotate',
  title: 'Rotate every credential',
  byHand:
    'Give every login role of the clean copy a new password, and every application its new secret through the configuration. Try an old password of each role on the copy: it has to be refused.',
  privilege: 'rotate',
  timeoutSeconds: ({ response }) => response.timeouts.rotateSeconds,
  begin: async ({ ports, input, key }) => {
    const { rotated, stillAccepted } = await ports.credentials.rotate(input.successor, { key })
    if (stillAccepted.length > 0)
      return { kind: 'failed', code: 'CREDENTIAL_ALIVE', detail: { roles: [...stillAccepted] } }
    if (rotated.length === 0) return { kind: 'failed', code: 'NOTHING_ROTATED' }
    return { kind: 'done', output: { rotated: rotated.length, stillAccepted: 0 } }
  },
  preview: async ({ input }) => ({ wouldRotateOn: input.successor.instance }),
  undo: { none: 'an old credential is never made good again' },
}
