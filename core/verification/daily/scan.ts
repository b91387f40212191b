import type { Clock } from '../../ports/clock'
import { isPortError, PortError } from '../../ports/errors'
import type { RecoveryPointPage, RecoveryPoints, VaultKind } from '../../ports/recovery-points'
import { look } from './seen'
import { add, emptyVault, type VaultTally } from './tally'

/** How far a reading of the vaults has come; small, and the same whatever the vaults hold. */
export interface Reading {
  readonly startedAt: string
  readonly done: Partial<Record<VaultKind, VaultTally>>
  /** Vaults that could not be read at all, by the code of the refusal. */
  readonly refused: Partial<Record<VaultKind, string>>
  /** The vault that is being read, where its next page begins, and what its pages came to so far. */
  readonly at?: PartOfVault
}

interface PartOfVault {
  readonly vault: VaultKind
  readonly next?: string
  readonly tally: VaultTally
}

export interface ReadingWorld {
  readonly points: Pick<RecoveryPoints, 'page'>
  readonly clock: Clock
  readonly vaults: readonly VaultKind[]
  /** Names whose recovery points are told apart. */
  readonly resources: readonly string[]
  /** Once this much time is used, the reading stops between two pages. */
  readonly budgetMs: number
}

export const newReading = (startedAt: Date): Reading => ({
  startedAt: startedAt.toISOString(),
  done: {},
  refused: {},
})

/** Whether nothing is left to read: one vault that refuses keeps no other from being read, and is not asked twice. */
export const isWhole = ({ done, refused }: Reading, vaults: readonly VaultKind[]): boolean =>
  vaults.every((vault) => done[vault] !== undefined || refused[vault] !== undefined)

/**
 * Reads every page of every vault, or as many as the time and the patience of the service allow: given back to it, what it
 * returns goes on where it was. A service that refuses for now is asked again, later each time. A place in a list that the
 * service has forgotten costs the pages of that vault once more, and nothing is counted twice.
 */
export async function readVaults(world: ReadingWorld, from: Reading): Promise<Reading> {
  const stopAtMs = world.clock.monotonicMs() + world.budgetMs
  let reading = from
  for (const vault of world.vaults) {
    const { startedAt, done, refused } = reading
    if (done[vault] || refused[vault]) continue
    const began = reading.at?.vault === vault ? reading.at : startOf(world, vault)
    const ended = await look(() => readVault(world, began, new Date(startedAt), stopAtMs))
    if (!ended.seen) reading = { startedAt, done, refused: { ...refused, [vault]: ended.code } }
    else if (ended.value.left) return { startedAt, done, refused, at: ended.value.left }
    else reading = { startedAt, done: { ...done, [vault]: ended.value.tally }, refused }
  }
  return reading
}

const startOf = ({ resources }: ReadingWorld, vault: VaultKind): PartOfVault => ({
  vault,
  tally: emptyVault(resources),
})

/** The whole vault, or what is left of it. */
async function readVault(
  world: ReadingWorld,
  began: PartOfVault,
  now: Date,
  stopAtMs: number,
): Promise<{ readonly tally: VaultTally; readonly left?: PartOfVault }> {
  const { vault } = began
  let part = began
  let forgotten = false
  for (;;) {
    if (world.clock.monotonicMs() >= stopAtMs) return { tally: part.tally, left: part }
    const page = await patiently(world, part)
    if (page === 'busy') return { tally: part.tally, left: part }
    if (page === 'forgotten') {
      if (forgotten) throw stuck(vault)
      forgotten = true
      part = startOf(world, vault)
      continue
    }
    for (const point of page.points) add(part.tally, point, now)
    if (page.next === undefined) return { tally: part.tally }
    if (page.next === part.next) throw stuck(vault)
    part = { vault, next: page.next, tally: part.tally }
  }
}

const stuck = (vault: VaultKind): PortError =>
  new PortError('conflict', 'LIST_STUCK', `the list of '${vault}' does not come to an end; ask the service by hand`)

/** Undisturbed, a page takes well under a second; a service that stays busy is waited for some four minutes in all. */
const ATTEMPTS = 10
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 60_000

async function patiently(
  { points, clock }: ReadingWorld,
  { vault, next }: PartOfVault,
): Promise<RecoveryPointPage | 'forgotten' | 'busy'> {
  let pauseMs = FIRST_PAUSE_MS
  for (let attempt = 1; ; attempt += 1)
    try {
      return await points.page(vault, next)
    } catch (error) {
      if (!isPortError(error)) throw error
      if (error.failure === 'invalid' && next !== undefined) return 'forgotten'
      if (error.failure !== 'throttled' && error.failure !== 'unreachable') throw error
      if (attempt === ATTEMPTS) return 'busy'
      await clock.sleep(pauseMs)
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
    }
}
