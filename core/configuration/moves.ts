import type { Clock } from '../ports/clock'
import { compact, type ConfigurationCopy } from './copies'

/** Settings on their way from one version to another one, setting by setting. */
interface Move {
  readonly from: string
  readonly to: string
}

interface MovingWorld {
  readonly region: string
  readonly copy: Pick<ConfigurationCopy, 'store'>
  readonly clock: Pick<Clock, 'now'>
}

/** As long as a run may wait for them, with all attempts: what stays half way for longer, nobody moves any more. */
const MOVING_MS = 15 * 60_000

const movesOf = (region: string): string => `moves/${region}/`
const MOVE = /\/(\d{8}T\d{9}Z)-([0-9a-f]+)-([0-9a-f]+)\/(begun|ended)$/

/**
 * Moves the settings, and says in the copy before and after that it does: a version is a hash of all of them, so that nobody
 * could tell half of a way from what somebody else has deployed. Begun again half way, it is still the way from where it began.
 */
export async function moving<T>(world: MovingWorld, { from: now, to }: Move, work: () => Promise<T>): Promise<T> {
  const { region, copy, clock } = world
  const from = (await halfWay(world, now))?.from ?? now
  const at = `${movesOf(region)}${compact(clock.now().toISOString())}-${from}-${to}`
  await copy.store.create(`${at}/begun`, '{}')
  const done = await work()
  await copy.store.create(`${at}/ended`, '{}')
  return done
}

/** The move on whose way a version is that is neither its beginning nor its end; undefined where it is on none. */
async function halfWay(world: MovingWorld, now: string): Promise<Move | undefined> {
  const move = await underWay(world)
  return move && now !== move.from && now !== move.to ? move : undefined
}

/** A version as it is told: with a blank in it where another one is on its way. */
export async function toldVersion(world: MovingWorld, now: string): Promise<string> {
  const move = await halfWay(world, now)
  return move ? `${now} on its way to ${move.to}` : now
}

/** The move that was begun last, as long as it may go on; undefined where it has ended. */
async function underWay({ region, copy, clock }: MovingWorld): Promise<Move | undefined> {
  let last: (Move & { readonly atMs: number }) | undefined
  for await (const key of copy.store.keys(movesOf(region))) {
    const [, at = '', from = '', to = '', state] = MOVE.exec(key) ?? []
    // In key order: a move stands before its own end, and behind all that began before it.
    last = state === 'begun' ? { from, to, atMs: instantOf(at) } : undefined
  }
  return last && clock.now().getTime() - last.atMs <= MOVING_MS ? { from: last.from, to: last.to } : undefined
}

/** Of `20261123T120000000Z`. */
const instantOf = (compacted: string): number =>
  Date.parse(
    compacted.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/, (_, ...part: string[]) => {
      const [year, month, day, hour, minute, second, millisecond] = part
      return `${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`
    }),
  )
