import { ordinary, type MoveStep } from './input'

/**
 * A copy of a secret follows its original and takes no change, so that nothing could be rotated while the region of the
 * originals is dark. It is read as before, hence after the opening, and a failure holds nobody up.
 */
export const promoteSecrets: MoveStep = {
  ...ordinary,
  id: 'promote-secrets',
  title: 'Let the secrets stand alone',
  byHand:
    'In the region that took over, let every copy of a secret stand alone, so that it can be changed there. Its value stays what it is. From then on no change of the other region arrives.',
  privilege: 'application',
  onFailure: 'continue',
  begin: async ({ ports, input }) => {
    await ports.secretCopies.standAlone(input.successor.region)
    return { kind: 'done', output: { copiesLeft: (await ports.secretCopies.copiesIn(input.successor.region)).length } }
  },
  preview: async ({ ports, input }) => ({
    wouldStandAlone: (await ports.secretCopies.copiesIn(input.successor.region)).length,
  }),
  undo: { none: 'a secret that stands alone is read as before; it is made a copy again once its original leads' },
}
