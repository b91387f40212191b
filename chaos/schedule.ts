import { aimedAt, CELLS, cellsOf, type Aim } from './aim'
import type { Conditions } from './conditions'
import { FAULT_KINDS, isCallFault, undoing } from './fault-kinds'
import type { Scenario } from './scenario'
import { SCENARIOS } from './scenarios'
import { seededRandom, type SeededRandom } from './seeded-random'
import { isReachable } from './unreachable'

/** One fault of a schedule: what, at which step, and how long. */
export interface ScheduledFault {
  readonly kind: string
  /** Cursor of the run (`promote`, `undo:claim-epoch`) at which it strikes or begins. */
  readonly step: string
  /** For a fault of calls: the how manieth call at this step it strikes first, from 0, and how many. */
  readonly call?: { readonly nth: number; readonly times: number }
  /** For a lasting one: begins so long after the step did, and ends so long after that. */
  readonly lasts?: { readonly afterSeconds: number; readonly forSeconds: number }
  /** What it does to the world. @default what its kind draws */
  readonly holds?: Partial<Conditions>
}

/** Everything that decides a run: the same schedule is the same run. Plain JSON. */
export interface Schedule {
  readonly seed: number
  readonly scenario: string
  readonly faults: readonly ScheduledFault[]
  /** Whom the run asks before it begins. @default what its scenario draws */
  readonly operation?: 'automatic' | 'approval'
}

/** Most runs meet a few faults, some none, some many. */
const COUNTS = [0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8]

/** Coprime to every odd number of cells that there may be, so that seeds in a row go through all of them. */
const STRIDE = 7_919

/** One seed of so many aims at a cell alone. */
const AIMED_EVERY = 3

/** Each scenario as often as it weighs. */
const DRIVEN = SCENARIOS.flatMap((scenario) => Array.from({ length: scenario.weight ?? 1 }, () => scenario))

/**
 * What a seed comes to. What is left to chance alone meets rare cells too late, and what is aimed alone meets no two faults
 * at once: one seed of three aims at one cell of all, one after the other, with what it takes to get there and nothing else;
 * the others meet faults by chance, and one cell of their runbook besides.
 */
export function scheduleOf(seed: number): Schedule {
  const random = seededRandom(seed)
  const isAimed = seed % AIMED_EVERY === 0
  const aim = isAimed ? nth(CELLS, seed / AIMED_EVERY) : undefined
  const scenario = aim ? aim.scenario : random.pick(DRIVEN)
  const faults = isAimed ? [] : drawn(scenario, random)
  const aimed = aimedAt(aim ?? nth(cellsOf(scenario.runbook.name), seed), random)
  faults.push(...aimed.faults)
  const { invites } = scenario
  if (!isAimed && invites && random.chance(invites.share)) faults.push(invites.fault(random))
  // What strikes an undo needs a run that is undone, and few are by chance.
  const undone = faults.find(({ step }) => step.startsWith('undo:'))
  const cause = undone && undoing(undone.step)
  const lasts = { afterSeconds: 0, forSeconds: cause?.forSeconds ?? random.between(5, 60) }
  const isCaused = !cause || faults.some(({ kind }) => kind === cause.kind)
  return {
    seed,
    scenario: scenario.name,
    faults: isCaused ? faults : [...faults, { kind: cause.kind, step: cause.step, lasts }],
    ...(isAimed && aimed.operation && { operation: aimed.operation }),
  }
}

/** Goes through all of them, and each time that a cell comes again it is met in the next scenario of its runbook. */
function nth(cells: readonly Aim[], at: number): Aim & { readonly scenario: Scenario } {
  const passes = cells.length | 1
  const cell = cells[(at * STRIDE) % passes] ?? cells[0]
  const scenario = cell?.scenarios[Math.floor(at / passes) % cell.scenarios.length]
  if (!cell || !scenario) throw new Error('there is no cell to aim at')
  return { ...cell, scenario }
}

function drawn({ runbook, cursors }: Scenario, random: SeededRandom): ScheduledFault[] {
  // Each kind that means something here, as often as it weighs.
  const able = FAULT_KINDS.filter(({ name }) => cursors.some((cursor) => isReachable(name, runbook.name, cursor)))
  const weighed = able.flatMap((kind) => Array.from({ length: kind.weight ?? 1 }, () => kind))
  const kinds = new Set(Array.from({ length: random.pick(COUNTS) }, () => random.pick(weighed)))
  return [...kinds].map((kind): ScheduledFault => {
    const step = random.pick(cursors)
    // What is wrong from the beginning on and for long meets other faults at every step.
    const isLong = random.chance(0.35)
    if (isCallFault(kind))
      return {
        kind: kind.name,
        step,
        call: { nth: Math.floor(random.next() ** 2 * 16), times: random.pick([1, 1, 1, 2, 3, 12]) },
      }
    if (isLong)
      return {
        kind: kind.name,
        step: cursors[0] ?? step,
        lasts: { afterSeconds: random.pick([0, random.between(0, 60)]), forSeconds: random.between(100, 3_000) },
      }
    return {
      kind: kind.name,
      step,
      lasts: {
        afterSeconds: random.pick([0, 0, random.between(0, 3), random.between(0, 90)]),
        forSeconds: random.pick([random.between(1, 20), random.between(20, 200), random.between(200, 2_000)]),
      },
    }
  })
}
