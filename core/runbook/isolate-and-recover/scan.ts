import { usual, type IsolateAndRecoverStep } from './input'

/** An attacker who was inside before the clean point may have left a way back: a login, a trigger, a function. */
export const scan: IsolateAndRecoverStep = {
  ...usual,
  id: 'scan',
  title: 'Scan the clean copy',
  byHand:
    'List the login roles, superusers, triggers, functions and event triggers of the copy. Whatever nobody of the team put there is a finding: choose an earlier clean point, or remove it with a second person.',
  privilege: 'harden',
  timeoutSeconds: ({ response }) => response.timeouts.hardenSeconds,
  begin: async ({ ports, input }) => {
    const findings = await ports.hardening.scan(input.successor, input.response.hardening)
    const codes = [...new Set(findings.map(({ code }) => code))].toSorted()
    if (findings.length > 0)
      return { kind: 'failed', code: 'SCAN_FINDINGS', detail: { codes, findings: findings.length } }
    return { kind: 'done', output: { findings: 0 } }
  },
  preview: async ({ input }) => ({ wouldScan: input.successor.instance }),
  undo: { none: 'it changes nothing' },
}
