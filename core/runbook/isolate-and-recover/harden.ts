import { usual, type IsolateAndRecoverStep } from './input'

export const harden: IsolateAndRecoverStep = {
  ...usual,
  id: 'harden',
  title: 'Harden the clean copy',
  byHand:
    'Apply what the policy names under incidentResponse.hardening: nobody creates objects in the public schema, no superuser logs in, passwords are kept as SCRAM, and the host access file lets nobody in without TLS.',
  privilege: 'harden',
  timeoutSeconds: ({ response }) => response.timeouts.hardenSeconds,
  begin: async ({ ports, input }) => {
    const { hardening } = input.response
    const holding = await ports.hardening.apply(input.successor, hardening)
    const missing = hardening.filter((measure) => !holding.includes(measure))
    if (missing.length > 0) return { kind: 'failed', code: 'NOT_HARDENED', detail: { missing } }
    return { kind: 'done', output: { measures: [...holding] } }
  },
  preview: async ({ input }) => ({ wouldApply: [...input.response.hardening] }),
  undo: { none: 'a way in that was closed stays closed' },
}
