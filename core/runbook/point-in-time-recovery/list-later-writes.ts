import type { Json } from '../../json'
import type { LaterWritesList } from '../../ports/later-writes'
import { ordinary } from '../steps/input'
import type { PointInTimeStep } from './input'

/** What the recovery leaves behind has to be entered again by people; a list that could not be made says so. */
export const listLaterWrites: PointInTimeStep = {
  ...ordinary,
  id: 'list-later-writes',
  title: 'List what was written after the target',
  byHand:
    'In the old database, which stays closed, list for each table the ids of the rows whose transaction was committed at or after the target. Give the list to the owners of the data. A row that was deleted leaves no trace: say so.',
  privilege: 'database',
  onFailure: 'continue',
  timeoutSeconds: (input) => input.timeouts.validateSeconds,
  begin: async ({ ports, input, outputs, key }) => {
    const { at } = outputs['decide'] as { at: string }
    const listed = await ports.laterWrites.list(input.writer, { key, since: at })
    return { kind: 'done', output: inShort(listed) }
  },
  preview: async ({ input }) => ({ wouldRead: input.writer.instance }),
  undo: { none: 'it changes nothing' },
}

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
