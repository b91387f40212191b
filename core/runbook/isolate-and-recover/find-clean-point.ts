import type { StepContext } from '../model'
import { reachableMoment, type ReachableMoment } from '../steps/reachable-moment'
import { IMPORTED_DATABASE } from '../steps/restore-beside'
import { usual, type IsolateAndRecoverInput, type IsolateAndRecoverStep } from './input'

const ID = 'find-clean-point'

/** A recovery gives up what was written since, clean writes too: people always decide it, and see the moment in UTC. */
export const findCleanPoint: IsolateAndRecoverStep = {
  ...usual,
  id: ID,
  title: 'Find the last clean point, and decide to recover',
  byHand:
    'Find the first transaction of the attacker: in the log of the database, by its commit time. Everything committed before it is clean. Read that moment aloud in UTC to a second person; it has to lie inside what the history reaches. If it is not known yet, stop here: access is cut, and the search may take its time.',
  privilege: 'restore',
  mayAsk: 'a second person, always: a recovery is never automatic',
  begin: async (context) => {
    const { input, approvedBy, run } = context
    const found = await look(context)
    if (found.kind === 'refused') return { kind: 'failed', code: found.code, detail: found.detail }
    const question = questionOf(input, found.at)
    if (!approvedBy) return { kind: 'ask', approval: { kind: 'second-person', question } }
    // A marker may have been set anew while the question was open.
    if (run.steps[ID]?.approval?.question !== question)
      return { kind: 'failed', code: 'TARGET_MOVED', detail: { at: found.at } }
    return { kind: 'done', output: { at: found.at, suspect: input.suspect!.kind } }
  },
  preview: async (context) => ({ ...(await look(context)) }),
  undo: { none: 'it changes nothing' },
}

/** The moment that people have agreed on. */
export const cleanPoint = ({ outputs }: Pick<StepContext<IsolateAndRecoverInput>, 'outputs'>): string =>
  (outputs[ID] as { at: string }).at

async function look({ ports, input }: StepContext<IsolateAndRecoverInput>): Promise<ReachableMoment> {
  // Access is cut all the same: that needs no copy.
  if (input.restorable === false)
    return { kind: 'refused', code: IMPORTED_DATABASE, detail: { instance: input.writer.instance } }
  if (!input.suspect) return { kind: 'refused', code: 'CLEAN_POINT_UNKNOWN', detail: { incident: input.incidentId } }
  return reachableMoment(ports, input.writer, input.suspect)
}

const questionOf = ({ writer, successor }: IsolateAndRecoverInput, at: string): string =>
  `Recover '${writer.instance}' to just before ${at} (UTC) as '${successor.instance}'? What was written since then is listed for re-entry, not kept.`
