import { FAULT_KINDS, isCallFault, undoing } from './fault-kinds'
import { SCENARIOS, type Scenario } from './scenarios'
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
}

/** Everything that decides a run: the same schedule is the same run. Plain JSON. */
export interface Schedule {
  readonly seed: number
  readonly scenario: string
  readonly faults: readonly ScheduledFault[]
}

/** Each kind as often as it weighs. */
const DRAWN = FAULT_KINDS.flatMap((kind) => Array.from({ length: kind.weight ?? 1 }, () => kind))

/** Most runs meet a few faults, some none, some many. */
const COUNTS = [0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8]

/** What a seed comes to. */
export function scheduleOf(seed: number): Schedule {
  const random = seededRandom(seed)
  const scenario = random.pick(SCENARIOS)
  const kinds = new Set(Array.from({ length: random.pick(COUNTS) }, () => random.pick(DRAWN)))
  const faults = [...kinds].map((kind): ScheduledFault => {
    const step = random.pick(scenario.cursors)
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
        step: scenario.cursors[0] ?? step,
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
  // What strikes an undo needs a run that is undone, and few are by chance.
  faults.push(...aimedAt(seed, scenario, random))
  // What wakes up is dangerous where a place was passed over and came back meanwhile.
  if (scenario.wakes && random.chance(0.7))
    faults.push({
      kind: 'place-dark',
      step: 'claim-epoch',
      lasts: { afterSeconds: 0, forSeconds: random.between(20, 300) },
    })
  const undone = faults.find(({ step }) => step.startsWith('undo:'))
  const cause = undone && undoing(undone.step)
  const lasts = { afterSeconds: 0, forSeconds: random.between(5, 60) }
  const isCaused = !cause || faults.some(({ kind }) => kind === cause.kind)
  return { seed, scenario: scenario.name, faults: isCaused ? faults : [...faults, { ...cause, lasts }] }
}

/** Coprime to every number of cells that there may be, so that seeds in a row go through all of them. */
const STRIDE = 7_919

/**
 * What is left to chance alone meets rare cells too late: each seed also aims at one cell of its runbook, the seeds of a
 * campaign at one after the other.
 */
function aimedAt(seed: number, { runbook, cursors }: Scenario, random: SeededRandom): ScheduledFault[] {
  const cells = FAULT_KINDS.flatMap((kind) =>
    cursors.filter((step) => isReachable(kind.name, runbook.name, step)).map((step) => ({ kind, step })),
  )
  const cell = cells[(seed * STRIDE) % cells.length]
  if (!cell) return []
  const { kind, step } = cell
  if (isCallFault(kind)) return [{ kind: kind.name, step, call: { nth: random.pick([0, 0, 1, 2, 3]), times: 1 } }]
  const lasts = { afterSeconds: 0, forSeconds: random.between(60, 2_000) }
  // People are asked at a fence only where nothing else proves it.
  const unproven =
    step === 'fence' && kind.felt === 'question'
      ? [
          { kind: 'place-dark', step: 'claim-epoch', lasts: { afterSeconds: 0, forSeconds: 1_000 } },
          { kind: 'fence-not-proven', step, lasts },
        ]
      : []
  return [...unproven, { kind: kind.name, step, lasts }]
}
