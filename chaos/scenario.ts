import { PRIMARY, type MemoryWorld } from '../adapters/memory/world'
import type { BaseInput, Runbook } from '../core/runbook/model'
import type { NewRun } from '../core/runbook/reducer'
import { resolvePolicy } from '../policy'
import type { Sides } from './arena'
import type { Conditions } from './conditions'
import type { ScheduledFault } from './schedule'
import type { SeededRandom } from './seeded-random'
import type { Watcher } from './watch'

/** A runbook, what it is told, and what has happened before it starts. One entry each. */
export interface Scenario {
  readonly name: string
  /** How often it is driven beside the others. @default 1 */
  readonly weight?: number
  /** The runbook takes the input that `run` makes. */
  readonly runbook: Runbook<BaseInput>
  readonly run: (random: SeededRandom) => NewRun<BaseInput>
  /** Where it moves the right to write, its input says from where to where. */
  readonly move?: { readonly isPlanned: boolean }
  /** Makes the two sides in a world that has just begun. */
  readonly prepare: (world: MemoryWorld) => Promise<Sides>
  /** What is wrong when the run starts, and stays so. */
  readonly accident: (random: SeededRandom) => Partial<Conditions>
  /** What of it is left when the run has ended and what was lost wakes up. @default nothing, unless it is dead */
  readonly wakes?: (random: SeededRandom) => Partial<Conditions>
  /** What alone makes it dangerous, and in what share of the runs that are left to chance it comes. @default nothing does */
  readonly invites?: { readonly share: number; readonly fault: (random: SeededRandom) => ScheduledFault }
  /** What it is looked at for besides. */
  readonly watch?: Watcher
  /** Everything the cursor of a run can stand on. */
  readonly cursors: readonly string[]
}

export const policy = resolvePolicy('production')

/** Of the lease, for faults that lean on it; of the renewals, for the guards. */
export const { lease: LEASE, dns: DNS } = policy.pace

export const RUN = { runId: 'run-1', mode: 'real', startedBy: 'detector' } as const

/** The runbook of a scenario, and where its runs can stand. Each takes its own input, which its scenario makes. */
export const driven = <Input extends BaseInput>(
  runbook: Runbook<Input>,
): { readonly runbook: Runbook<BaseInput>; readonly cursors: readonly string[] } => ({
  runbook: runbook as Runbook<never> as Runbook<BaseInput>,
  cursors: runbook.steps.flatMap(({ id, undo }) => ('run' in undo ? [id, `undo:${id}`] : [id])),
})

/** One database, and nobody moves anything. */
export const STAYS: Sides = { writer: PRIMARY, successor: PRIMARY }
