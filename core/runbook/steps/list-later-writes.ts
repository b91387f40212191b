import type { Json } from '../../json'
import type { CountedRows, LaterWritesList } from '../../ports/later-writes'
import type { StepContext } from '../model'
import { ordinary, type MoveInput, type MoveStep } from './input'

/** What the recovery leaves behind has to be entered again by people; a list that could not be made says so. */
export const listLaterWrites = (momentOf: (context: StepContext<MoveInput>) => string): MoveStep => ({
  ...ordinary,
  id: 'list-later-writes',
  title: 'List what was written after the target',
  byHand:
    'In the old database, which stays closed, list for each table the ids of the rows whose transaction was committed at or after the target. Rows that only the recovered copy holds were deleted since: list them apart. Give both lists to the owners of the data.',
  privilege: 'database',
  onFailure: 'continue',
  timeoutSeconds: (input) => input.timeouts.validateSeconds,
  begin: async (context) => {
    const { ports, input, key } = context
    const listed = await ports.laterWrites.list(input.writer, {
      key,
      since: momentOf(context),
      recovered: input.successor,
      reachBackSeconds: input.ledgerSkewSeconds,
    })
    return { kind: 'done', output: inShort(listed) }
  },
  preview: async ({ input }) => ({ wouldRead: input.writer.instance }),
  undo: { none: 'it changes nothing' },
})

/**
 * Counts and the hash of the list: the ids themselves belong neither into a state nor into evidence, and how many of each table
 * they are the list says, since the names of tables have no bound.
 */
function inShort(listed: LaterWritesList): Json {
  if (listed.kind === 'inconclusive') return { ...listed }
  const { tables, deleted, artefact } = listed
  return {
    kind: 'listed',
    rows: rowsOf(tables),
    tables: tables.length,
    deletedRows: rowsOf(deleted),
    deletedTables: deleted.length,
    artefact: { ...artefact },
  }
}

const rowsOf = (counted: readonly CountedRows[]): number => counted.reduce((sum, { rows }) => sum + rows, 0)

/** The list of a run's later writes as its own record names it; none where it could not be made. */
export function artefactsOf(outputs: StepContext<MoveInput>['outputs']) {
  const listed = outputs['list-later-writes'] as { artefact?: { name: string; sha256: string } } | undefined
  return listed?.artefact ? [listed.artefact] : []
}
