import { setTimeout as sleep } from 'node:timers/promises'
import type { LocalWorld } from '../../adapters/local/world'
import type { RealEvent, RealSchedule } from './schedule'

/** Events that go on by themselves, and when they are over. */
interface Playing {
  readonly over: Promise<void>
  /** A stall ends by letting the region go on, and must not do that to one that hangs since. */
  readonly stallsOver: Promise<void>
}

/** Makes the scheduled events happen from now on. */
export function playEvents(
  { faults }: Pick<LocalWorld, 'faults'>,
  { events }: Pick<RealSchedule, 'events'>,
  isStruck: (by: RealSchedule['fault']) => boolean,
  note: (what: string) => void,
): Playing {
  const play = async (event: RealEvent): Promise<void> => {
    await sleep(event.atMs)
    note(event.what)
    switch (event.what) {
      case 'region-stalls':
        return faults.stall(event.forMs)
      case 'replica-stays-behind':
        // What is promoted already cannot be held back any more.
        return faults.pauseReplay().catch(() => note('the replica could not be held back'))
      case 'guard-dies':
        return faults.signalGuards('SIGKILL')
      case 'guard-stops':
        await faults.signalGuards('SIGSTOP')
        await sleep(event.forMs)
        // A whole region that hangs goes on when it is healed, and no part of it before.
        if (!isStruck('hang')) await faults.signalGuards('SIGCONT')
        return
      case 'link-cut': {
        const link = faults.links[event.link % faults.links.length]
        link?.cut()
        await sleep(event.forMs)
        if (!isStruck('partition')) link?.heal()
        return
      }
      case 'link-slow': {
        const link = faults.links[event.link % faults.links.length]
        link?.delay(event.byMs)
        await sleep(event.forMs)
        link?.delay(0)
      }
    }
  }
  const playing = events.map((event) => ({ event, over: play(event) }))
  const all = async (which: (event: RealEvent) => boolean) => {
    await Promise.all(playing.flatMap(({ event, over }) => (which(event) ? [over] : [])))
  }
  return { over: all(() => true), stallsOver: all(({ what }) => what === 'region-stalls') }
}
