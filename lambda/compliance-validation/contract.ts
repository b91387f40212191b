import * as z from 'zod/mini'
import { VARIABLE } from '../../adapters/aws/environment'
import { OWN_EVIDENCE, withPolicy } from '../contract'

/** What a schedule or a person sends; nothing of it is used: each run looks at everything. */
export const input = z.looseObject({})

const ids = z.readonly(z.array(z.string()))

export const output = z.object({
  region: z.string(),
  posture: z.enum(['kept', 'unchanged', 'nothing-stands']),
  compliance: z.optional(
    z.object({
      at: z.string(),
      catalogue: z.string(),
      validation: z.string(),
      controls: z.number(),
      decidedByMachine: z.number(),
      held: ids,
      broken: ids,
      unseen: ids,
    }),
  ),
})

/**
 * Validates every control by the evidence and the templates that its own region holds, and keeps what the region was deployed
 * with beside them. It reads no database, and of other regions asks the witness alone, without which it goes on.
 */
export const contract = withPolicy({
  name: 'compliance-validation',
  places: ['primary', 'recovery'],
  network: 'none',
  // Half of the time that the procedure gives to the validation; Lambda allows no more.
  timeoutSeconds: 900,
  // Two at once would record the same twice.
  concurrency: 1,
  environment: [VARIABLE.evidenceKey, ...OWN_EVIDENCE.environment],
  permissions: [
    {
      actions: ['cloudformation:ListStacks'],
      on: 'every-stack',
      reason: 'the list of stacks knows no resource (service authorization reference)',
    },
    {
      actions: ['cloudformation:GetTemplate'],
      on: 'own-stacks',
      reason: 'every stack of ours in the region, by what their names begin with',
    },
    {
      actions: ['cloudformation:GetTemplate'],
      on: 'witness-stacks',
      reason: 'every stack of ours there, by what their names begin with; the witness keeps no templates',
    },
    { actions: ['kms:GetPublicKey'], on: 'evidence-signing-key' },
    ...OWN_EVIDENCE.permissions,
  ],
})
