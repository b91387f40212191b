import { setTimeout as sleep } from 'node:timers/promises'
import type { LocalWorld } from '../../adapters/local/world'
import type { RealEvent, RealSchedule } from './schedule'

/** Makes the scheduled events happen from now on; resolves, when awaited, once all of them are over. */
export function playEvents(
  { faults }: Pick<LocalWorld, 'faults'>,
  { events }: Pick<RealSchedule, 'events'>,
  isStruck: (by: RealSchedule['fault']) => boolean,
  note: (what: string) => void,
): Promise<void> {
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
  return Promise.all(events.map(play)).then(() => undefined)
}
