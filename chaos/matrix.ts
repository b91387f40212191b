import { cellOf } from './engine-faults'
import { FAULT_KINDS } from './fault-kinds'
import { SCENARIOS } from './scenarios'
import { isReachable } from './unreachable'

/** In how many runs a kind of fault was met at a step; null where it cannot be. */
export interface Matrix {
  readonly runbook: string
  readonly cursors: readonly string[]
  readonly rows: readonly { readonly kind: string; readonly runs: readonly (number | null)[] }[]
  /** Cells that can be reached and were not. */
  readonly empty: readonly string[]
  /** Cells that are listed as out of reach and were reached: the list is wrong. */
  readonly reachedAfterAll: readonly string[]
}

/** One matrix for each runbook. */
export function matricesOf(cells: ReadonlyMap<string, number>): Matrix[] {
  const runbooks = new Map(SCENARIOS.map(({ runbook, cursors }) => [runbook.name, cursors]))
  return [...runbooks].map(([runbook, cursors]) => {
    const met = FAULT_KINDS.flatMap(({ name: kind }) =>
      cursors.map((cursor) => {
        const cell = cellOf(kind, runbook, cursor)
        return { kind, cell, isReachable: isReachable(kind, runbook, cursor), runs: cells.get(cell) ?? 0 }
      }),
    )
    return {
      runbook,
      cursors,
      rows: FAULT_KINDS.map(({ name }) => ({
        kind: name,
        runs: met.filter(({ kind }) => kind === name).map(({ isReachable: can, runs }) => (can ? runs : null)),
      })),
      empty: met.filter(({ isReachable: can, runs }) => can && runs === 0).map(({ cell }) => cell),
      reachedAfterAll: met.filter(({ isReachable: can, runs }) => !can && runs > 0).map(({ cell }) => cell),
    }
  })
}
