import { ordinary } from '../steps/input'
import { reachableMoment } from '../steps/reachable-moment'
import type { PointInTimeInput, PointInTimeStep } from './input'

/** A person sees the moment in UTC, and approves that moment and no other. */
export const decide: PointInTimeStep = {
  ...ordinary,
  id: 'decide',
  title: 'Decide the moment to return to',
  byHand:
    'Find the last moment at which the data was right: the time of the bad transaction, its number, or the marker set before the release. Read it aloud in UTC to a second person. It has to lie inside what the history reaches, and what was written since will be listed, not kept.',
  privilege: 'restore',
  mayAsk: 'a second person, unless the run is automatic',
  begin: async (context) => {
    const { ports, input, approvedBy, run } = context
    const found = await reachableMoment(ports, input.writer, input.target)
    if (found.kind === 'refused') return { kind: 'failed', code: found.code, detail: found.detail }
    const { at } = found
    const question = questionOf(input, at)
    if (!approvedBy && input.operation === 'approval')
      return { kind: 'ask', approval: { kind: 'second-person', question } }
    // A marker may have been set anew while the question was open.
    if (approvedBy && run.steps['decide']?.approval?.question !== question)
      return { kind: 'failed', code: 'TARGET_MOVED', detail: { at } }
    return { kind: 'done', output: { at, target: input.target.kind, decidedBy: approvedBy ? 'person' : 'automatic' } }
  },
  preview: async ({ ports, input }) => ({ ...(await reachableMoment(ports, input.writer, input.target)) }),
  undo: { none: 'it changes nothing' },
}

const questionOf = ({ writer, successor }: PointInTimeInput, at: string): string =>
  `Return to ${at} (UTC) with a copy of '${writer.instance}' named '${successor.instance}'? What was written since then is listed for re-entry, not kept.`
