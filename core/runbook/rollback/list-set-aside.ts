import type { Json } from '../../json'
import type { SetAside } from '../../ports/deployments'
import { usual, type RollbackStep } from './input'
import { changeKey, componentOf, planOf, requiredPlan } from './planned'

/** What people wrote during the bad release and the older schema has no place for: nothing of it may be lost in silence. */
export const listSetAside: RollbackStep = {
  ...usual,
  id: 'list-set-aside',
  title: 'List the data that had no place any more',
  byHand:
    'Ask each migration that was taken back what it set aside: rows that are kept in another table, and rows that are only listed. Give both to the owners of the data.',
  privilege: 'deploy',
  onFailure: 'continue',
  begin: async (context) => {
    const { ports, input, runId } = context
    const aside: SetAside[] = []
    for (const { name } of requiredPlan(context).changes)
      aside.push(...(await ports.deployments.setAside(componentOf(input, name), { key: changeKey(runId, name) })))
    return { kind: 'done', output: inShort(aside) }
  },
  preview: async (context) => ({ wouldAsk: planOf(context)?.changes.length ?? 0 }),
  undo: { none: 'it changes nothing' },
}

/** Counts and names of tables alone; the names of the first few are enough to find the others. */
const inShort = (aside: readonly SetAside[]): Json => ({
  rows: aside.reduce((sum, { rows }) => sum + rows, 0),
  tables: aside.slice(0, MOST_NAMED).map((one) => ({ ...one })),
  more: Math.max(0, aside.length - MOST_NAMED),
})

const MOST_NAMED = 8
