import { setTimeout as sleep } from 'node:timers/promises'
import { withSession } from '../../postgres/connect'
import { locate } from '../client-recipe'
import { readSettings, type GuardProcessSettings } from './settings'

/** Stands in for pg_cron, which the local PostgreSQL lacks: closes the logins when the guard itself has died. */
async function main(): Promise<void> {
  const { endpoint, dnsPort, login, leaseMs } = readSettings() as GuardProcessSettings
  for (;;) {
    await sleep(leaseMs)
    await locate(endpoint, { port: dnsPort, deadlineMs: leaseMs })
      .then((found) =>
        withSession(found, login, leaseMs * 2, (client) =>
          // The grace leaves the guard time to renew after a pause of the whole host.
          client.query(`select recovery_guard.close_if_stale($1 * interval '1 ms')`, [leaseMs * 2]),
        ),
      )
      .catch(() => undefined)
  }
}

void main()
