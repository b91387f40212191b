import type { ActionResult, StepContext } from '../model'
import { usual, type IsolateAndRecoverInput, type IsolateAndRecoverStep } from './input'

/** The database itself stays where it is, so that a copy that fails is made later and does not keep patients waiting. */
export const preserve: IsolateAndRecoverStep = {
  ...usual,
  id: 'preserve',
  title: 'Preserve forensic copies',
  byHand:
    'Make an encrypted snapshot of the compromised database and export its logs, both to where nobody can delete them, and write down the hash of each. Only then may anybody look into them.',
  privilege: 'preserve',
  onFailure: 'continue',
  timeoutSeconds: ({ response }) => response.timeouts.preserveSeconds,
  pollEverySeconds: ({ restore }) => restore.pollEverySeconds,
  begin: (context) => look(context),
  poll: (context) => look(context),
  preview: async ({ input }) => ({ wouldPreserve: input.writer.instance }),
  undo: { none: 'evidence is never removed' },
}

async function look({ ports, input, key }: StepContext<IsolateAndRecoverInput>): Promise<ActionResult> {
  const kept = await ports.forensics.preserve(input.writer, { key })
  if (kept.kind === 'under-way') return { kind: 'pending', handle: null }
  const { name, manifestSha256, files, bytes } = kept
  return { kind: 'done', output: { name, manifestSha256, files, bytes } }
}
