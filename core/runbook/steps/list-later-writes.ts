import type { Json } from '../../json'
import type { LaterWritesList } from '../../ports/later-writes'
import type { StepContext } from '../model'
import { ordinary, type MoveInput, type MoveStep } from './input'

/** What the recovery leaves behind has to be entered again by people; a list that could not be made says so. */
export const listLaterWrites = (momentOf: (context: StepContext<MoveInput>) => string): MoveStep => ({
  ...ordinary,
  id: 'list-later-writes',
  title: 'List what was written after the target',
  byHand:
    'In the old database, which stays closed, list for each table the ids of the rows whose transaction was committed at or after the target. Give the list to the owners of the data. A row that was deleted leaves no trace: say so.',
  privilege: 'database',
  onFailure: 'continue',
  timeoutSeconds: (input) => input.timeouts.validateSeconds,
  begin: async (context) => {
    const { ports, input, key } = context
    const listed = await ports.laterWrites.list(input.writer, { key, since: momentOf(context) })
    return { kind: 'done', output: inShort(listed) }
  },
  preview: async ({ input }) => ({ wouldRead: input.writer.instance }),
  undo: { none: 'it changes nothing' },
})

/** Counts and the hash of the list: the ids themselves belong neither into a state nor into evidence. */
function inShort(listed: LaterWritesList): Json {
  if (listed.kind === 'inconclusive') return { ...listed }
  const { tables, artefact } = listed
  return {
    kind: 'listed',
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    tables: Object.fromEntries(tables.map(({ table, rows }) => [table, rows])),
    artefact: { ...artefact },
  }
}

/** The list of a run's later writes as its own record names it; none where it could not be made. */
export function artefactsOf(outputs: StepContext<MoveInput>['outputs']) {
  const listed = outputs['list-later-writes'] as { artefact?: { name: string; sha256: string } } | undefined
  return listed?.artefact ? [listed.artefact] : []
}
