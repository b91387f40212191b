import { complianceAfter } from '../../compliance/validation/compliance-after'
import { usual, type RollbackStep } from './input'

/** A state carries this many ids; the validation itself is evidence of its own, and its hash is kept. */
const MOST_NAMED = 12

/**
 * What of the controls does not hold with the release that is back. It is judged by evidence that took a release to make, so
 * that what is broken may have been before: people read it, and nothing is undone for it.
 */
export const validateCompliance: RollbackStep = {
  ...usual,
  id: 'validate-compliance',
  title: 'Validate compliance after the rollback',
  byHand:
    'Have every control validated, and compare with the last validation before the release: what is broken now and was not then is for the data protection officer.',
  privilege: 'audit',
  onFailure: 'continue',
  timeoutSeconds: () => 300,
  begin: async ({ ports }) => {
    const seen = await ports.controls.validate()
    const { catalogue, validation, decidedByMachine, held, broken } = seen
    return {
      kind: 'done',
      output: {
        verdict: complianceAfter(undefined, seen).verdict,
        catalogue,
        validation,
        decidedByMachine,
        held: held.length,
        broken: broken.slice(0, MOST_NAMED),
        more: Math.max(0, broken.length - MOST_NAMED),
      },
    }
  },
  preview: async () => ({ wouldValidate: true }),
  undo: { none: 'it changes nothing' },
  milestone: 'complianceValidation',
}
