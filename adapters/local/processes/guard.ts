import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { connect, destroy } from '../../postgres/connect'
import { guardCycle, type GuardMemory } from '../../postgres/guard-cycle'
import { locate } from '../client-recipe'
import { httpConditionalStore } from '../http-conditional-store'
import { OPEN_TO_ALL } from '../host-access'
import { readSettings, type GuardProcessSettings } from './settings'

const monotonicMs = () => performance.now()

/** The guard of one region: keeps the write lease alive while its region holds the writer epoch, closes the database otherwise. */
async function main(): Promise<void> {
  const settings = readSettings() as GuardProcessSettings
  // A read must be over long before the lease is, or one dead path would starve the other.
  const stores = settings.storePorts.map((port) => httpConditionalStore(port, settings.leaseMs / 4))
  const resolver = { port: settings.dnsPort, deadlineMs: settings.leaseMs / 4 }
  let memory: GuardMemory = { heardAtMs: monotonicMs() }
  let client: Client | undefined
  for (;;) {
    const startedMs = monotonicMs()
    try {
      client ??= await connect(await locate(settings.endpoint, resolver), settings.login, settings.leaseMs)
      const cycle = await guardCycle(
        client,
        { instance: settings.instance, leaseMs: settings.leaseMs, stores, monotonicMs },
        memory,
      )
      memory = cycle.memory
      if (cycle.admits && settings.startsClosed) await admitAll(client)
    } catch {
      // The database is down or away. The lease ends by itself; the next cycle connects again.
      destroy(client)
      client = undefined
    }
    await sleep(Math.max(10, settings.renewEveryMs - (monotonicMs() - startedMs)))
  }
}

/** Opens a restarted database to all logins; nothing to do where it is open. */
async function admitAll(client: Client): Promise<void> {
  const { rows } = await client.query<{ file: string }>(`select current_setting('hba_file') as file`)
  const { file } = rows[0]!
  if ((await readFile(file, 'utf8')) === OPEN_TO_ALL) return
  await writeFile(file, OPEN_TO_ALL)
  await client.query('select pg_reload_conf()')
}

void main()
