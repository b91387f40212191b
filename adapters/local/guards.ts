import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Login } from '../postgres/connect'
import type { Ground } from './ground'
import type { KnownInstance } from './known-instance'
import type { GuardProcessSettings } from './processes/settings'
import { startProcess } from './processes/start'

/** What guards are told besides where they stand. */
export interface GuardPace extends Pick<GuardProcessSettings, 'leaseMs' | 'renewEveryMs' | 'dnsPort'> {
  readonly login: Login
}

export interface Guards {
  /** Starts what watches over an instance: its guard and, in the primary region, the dead man's job. */
  startFor(instance: KnownInstance): Promise<void>
  /** Starts again what watched in the primary region, as after the death of its hosts. */
  restart(): Promise<void>
}

export async function openGuards(ground: Ground, pace: GuardPace): Promise<Guards> {
  const { recovery, witness } = ground.storePorts
  const overBorder = [await ground.openBorder(() => recovery), await ground.openBorder(() => witness)]
  const storePorts = { primary: overBorder.map(({ port }) => port), recovery: [recovery, witness] }
  const watched: KnownInstance[] = []
  const start = async ({ ref, role, server }: KnownInstance) => {
    const settings: GuardProcessSettings = {
      ...pace,
      region: ref.region,
      endpoint: server.endpoint,
      storePorts: storePorts[role],
      startsClosed: role === 'primary',
    }
    const folder = join(ground.place[role], `${ref.instance}-guard`)
    await mkdir(folder, { recursive: true })
    await startProcess('guard', folder, settings)
    if (role === 'primary') await startProcess('dead-man', folder, settings)
  }
  return {
    startFor: async (instance) => {
      watched.push(instance)
      await start(instance)
    },
    restart: async () => {
      for (const instance of watched) if (instance.role === 'primary') await start(instance)
    },
  }
}
