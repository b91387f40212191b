import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Login } from '../postgres/connect'
import type { Ground } from './ground'
import type { KnownInstance } from './known-instance'
import type { GuardProcessSettings } from './processes/settings'
import { startProcess } from './processes/start'
import { kill, processesIn } from './scratch'

/** What guards are told besides where they stand. */
export interface GuardPace extends Pick<GuardProcessSettings, 'leaseMs' | 'renewEveryMs' | 'dnsPort'> {
  readonly login: Login
}

export interface Guards {
  /** Starts what watches over an instance: its guard and, in the primary region, the dead man's job. */
  startFor(instance: KnownInstance): Promise<void>
  /** Ends what watches over an instance. */
  stopFor(instance: KnownInstance): Promise<void>
  /** Sends a signal to the guards of the primary region, and not to their dead man's jobs. */
  signal(signal: NodeJS.Signals): Promise<void>
  /** Starts again what watched in the primary region, as after the death of its hosts. */
  restart(): Promise<void>
}

export async function openGuards(ground: Ground, pace: GuardPace): Promise<Guards> {
  const { recovery, witness } = ground.storePorts
  const overBorder = [await ground.openBorder(() => recovery), await ground.openBorder(() => witness)]
  const storePorts = { primary: overBorder.map(({ port }) => port), recovery: [recovery, witness] }
  const watched: KnownInstance[] = []
  const folderOf = ({ role, ref }: KnownInstance) => join(ground.place[role], `${ref.instance}-guard`)
  const start = async (instance: KnownInstance) => {
    const { ref, role, server } = instance
    const settings: GuardProcessSettings = {
      ...pace,
      instance: ref,
      endpoint: server.endpoint,
      storePorts: storePorts[role],
      startsClosed: role === 'primary',
    }
    const folder = folderOf(instance)
    await mkdir(folder, { recursive: true })
    await startProcess('guard', folder, settings)
    if (role === 'primary') await startProcess('dead-man', folder, settings)
  }
  return {
    startFor: async (instance) => {
      watched.push(instance)
      await start(instance)
    },
    stopFor: async (instance) => {
      const at = watched.indexOf(instance)
      // One whose restore has failed was never guarded.
      if (at >= 0) watched.splice(at, 1)
      for (const pid of await processesIn(folderOf(instance))) kill(pid, 'SIGKILL')
    },
    signal: async (signal) => {
      for (const instance of watched.filter(({ role }) => role === 'primary'))
        for (const pid of await processesIn(join(folderOf(instance), 'guard'))) kill(pid, signal)
    },
    restart: async () => {
      for (const instance of watched) if (instance.role === 'primary') await start(instance)
    },
  }
}
