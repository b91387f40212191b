import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { connect, destroy } from '../../postgres/connect'
import { guardCycle, type GuardMemory } from '../../postgres/guard-cycle'
import { httpConditionalStore } from '../http-conditional-store'
import { readSettings, type GuardProcessSettings } from './settings'

const monotonicMs = () => performance.now()

/** The guard of one region: keeps the write lease alive while its region holds the writer epoch, closes the database otherwise. */
async function main(): Promise<void> {
  const settings = readSettings() as GuardProcessSettings
  // A read must be over long before the lease is, or one dead path would starve the other.
  const stores = settings.storePorts.map((port) => httpConditionalStore(port, settings.leaseMs / 4))
  let memory: GuardMemory = { heardAtMs: monotonicMs() }
  let client: Client | undefined
  for (;;) {
    const startedMs = monotonicMs()
    try {
      client ??= await connect(settings.endpoint, settings.login, settings.leaseMs)
      const cycle = await guardCycle(
        client,
        { region: settings.region, leaseMs: settings.leaseMs, stores, monotonicMs },
        memory,
      )
      memory = cycle.memory
    } catch {
      // The database is down or away. The lease ends by itself; the next cycle connects again.
      destroy(client)
      client = undefined
    }
    await sleep(Math.max(10, settings.renewEveryMs - (monotonicMs() - startedMs)))
  }
}

void main()
