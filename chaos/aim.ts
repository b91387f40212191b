import { FAULT_KINDS, isCallFault, NOTHING_ALLOWED, type FaultKind } from './fault-kinds'
import type { Scenario } from './scenario'
import { SCENARIOS } from './scenarios'
import type { Schedule, ScheduledFault } from './schedule'
import type { SeededRandom } from './seeded-random'
import { isReachable } from './unreachable'

/** A cell of the matrix that can be reached: a kind of fault at a step of a runbook, and where that runbook is driven. */
export interface Aim {
  readonly kind: FaultKind
  readonly step: string
  readonly runbook: string
  readonly scenarios: readonly Scenario[]
}

const RUNBOOKS = new Map(SCENARIOS.map(({ runbook, cursors }) => [runbook.name, cursors]))

/** Every one of them, one runbook after the other. */
export const CELLS: readonly Aim[] = [...RUNBOOKS].flatMap(([runbook, cursors]) => {
  const scenarios = SCENARIOS.filter((scenario) => scenario.runbook.name === runbook)
  return FAULT_KINDS.flatMap((kind) =>
    cursors.filter((step) => isReachable(kind.name, runbook, step)).map((step) => ({ kind, step, runbook, scenarios })),
  )
})

export const cellsOf = (runbook: string): readonly Aim[] => CELLS.filter((cell) => cell.runbook === runbook)

/** The faults that meet a cell, if nothing else gets in their way. */
export function aimedAt({ kind, step, runbook }: Aim, random: SeededRandom): Pick<Schedule, 'faults' | 'operation'> {
  if (isCallFault(kind)) {
    // What strikes few calls finds no second one.
    const nth = random.pick(kind.strikes ? [0, 0, 0, 1] : [0, 0, 1, 2, 3])
    return { faults: [{ kind: kind.name, step, call: { nth, times: 1 } }] }
  }
  const lasts = { afterSeconds: 0, forSeconds: random.between(60, 2_000) }
  const aimed = { kind: kind.name, step, lasts, ...(kind.name === 'permission-missing' && { holds: NOTHING_ALLOWED }) }
  if (kind.felt !== 'question') return { faults: [aimed] }
  const operation = `${runbook} ${step}` === ASKS_THE_UNASKED ? 'automatic' : 'approval'
  return { faults: [...(ASKED_IF[step]?.(lasts) ?? []), aimed], operation }
}

/** Data that could not be judged is told, and not asked about, where somebody has approved the rollback before. */
const ASKS_THE_UNASKED = 'rollback validate'

/** What makes a step ask people that does not ask in every run by approval. */
const ASKED_IF: Readonly<Record<string, (lasts: ScheduledFault['lasts']) => readonly ScheduledFault[]>> = {
  // Only where nothing else proves that the old writer is closed.
  fence: (lasts) => [
    {
      kind: 'place-dark',
      step: 'claim-epoch',
      lasts: { afterSeconds: 0, forSeconds: 1_000 },
      holds: { darkPlaces: ['witness'] },
    },
    { kind: 'fence-not-proven', step: 'fence', ...(lasts && { lasts }) },
  ],
  validate: (lasts) => [{ kind: 'data-unjudged', step: 'validate', ...(lasts && { lasts }) }],
  'validate-compliance': () => [
    {
      kind: 'permission-missing',
      step: 'confirm-preserved',
      lasts: { afterSeconds: 0, forSeconds: 10 },
      holds: { deniedPorts: ['forensics'] },
    },
  ],
}
