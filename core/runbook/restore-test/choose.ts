import type { Ports } from '../../ports'
import { reachableMoment, type ReachableMoment } from '../steps/reachable-moment'
import type { RestoreTestInput, RestoreTestStep } from './input'
import { testStep } from './test-step'

/** Nothing is decided by a person: a test changes nothing that anybody uses. */
export const choose: RestoreTestStep = {
  ...testStep,
  id: 'choose',
  title: 'Choose the moment to restore',
  byHand: 'Take the newest moment that the history reaches, or an older one on purpose. Write it down in UTC.',
  privilege: 'restore',
  begin: async ({ ports, input }) => {
    const found = await momentOf(ports, input)
    if (found.kind === 'refused') return { kind: 'failed', code: found.code, detail: found.detail }
    return { kind: 'done', output: { at: found.at, target: input.target.kind } }
  },
  preview: async ({ ports, input }) => ({ ...(await momentOf(ports, input)) }),
  undo: { none: 'it changes nothing' },
}

async function momentOf(ports: Ports, { writer, target }: RestoreTestInput): Promise<ReachableMoment> {
  if (target.kind !== 'latest') return reachableMoment(ports, writer, target)
  const window = await ports.restore.window(writer)
  if (!window) return { kind: 'refused', code: 'NO_HISTORY', detail: { instance: writer.instance } }
  return { kind: 'reachable', at: window.latest, ...window }
}
