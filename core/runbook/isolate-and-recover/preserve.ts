import type { ActionResult, StepContext } from '../model'
import { usual, type IsolateAndRecoverInput, type IsolateAndRecoverStep } from './input'

const BEGUN = 'preserve'

/** The database itself stays where it is: the copy is made while a clean one is restored, and patients do not wait for it. */
export const preserve: IsolateAndRecoverStep = {
  ...usual,
  id: BEGUN,
  title: 'Begin to preserve forensic copies',
  byHand:
    'Begin an encrypted snapshot of the compromised database and export its logs, both to where nobody can delete them. Nobody looks into the database before.',
  privilege: 'preserve',
  onFailure: 'continue',
  begin: async (context) => {
    const { kind } = await ask(context)
    return { kind: 'done', output: { begunAt: context.ports.clock.now().toISOString(), copy: kind } }
  },
  preview: async ({ input }) => ({ wouldPreserve: input.writer.instance }),
  undo: { none: 'evidence is never removed' },
}

/** A copy that fails is made later, from the database that is still there; people are told before anybody enters. */
export const confirmPreserved: IsolateAndRecoverStep = {
  ...usual,
  id: 'confirm-preserved',
  title: 'See that the forensic copies are kept',
  byHand: 'Wait until the snapshot is complete, and write down its name and the hash of the manifest of the logs.',
  privilege: 'preserve',
  onFailure: 'continue',
  timeoutSeconds: ({ response }) => response.timeouts.preserveSeconds,
  pollEverySeconds: ({ restore }) => restore.pollEverySeconds,
  begin: (context) => look(context),
  poll: (context) => look(context),
  preview: async ({ input }) => ({ wouldPreserve: input.writer.instance }),
  undo: { none: 'evidence is never removed' },
}

async function look(context: StepContext<IsolateAndRecoverInput>): Promise<ActionResult> {
  const kept = await ask(context)
  if (kept.kind === 'under-way') return { kind: 'pending', handle: null }
  const { name, manifestSha256, files, bytes } = kept
  return { kind: 'done', output: { name, manifestSha256, files, bytes } }
}

/** By the key of the step that began it. */
const ask = ({ ports, input, runId }: StepContext<IsolateAndRecoverInput>) =>
  ports.forensics.preserve(input.writer, { key: `${runId}/${BEGUN}` })
