import { watchChanges, type WatchedChanges } from '../../core/detection/change-watch'
import { withRecoveryRegion } from '../../core/policy/two-regions'
import { systemClock } from '../local/clock'
import { rowChanges } from '../postgres/row-changes'
import { recoveryStore } from './coordination-stores'
import type { AwsEnvironment } from './environment'
import { journalBeside } from './journal-beside'
import { publish } from './metrics'
import { ownDatabaseWorld } from './own-world'
import type { OwnDatabase } from './own-database'
import { protectedTables } from './protected-tables'

/** Two questions; longer than this, the database is not well. */
const SESSION_MS = 15_000

/** A replica counts nothing by itself, and its source is looked at where that stands. */
export type ChangesSeen = WatchedChanges | { readonly outcome: 'not-the-writer'; readonly findings: readonly [] }

/** Looks at the counters of the database that the function stands next to, and publishes how many kinds of attack they show. */
export function changeWatch(
  environment: AwsEnvironment,
  /** @default from the environment; a test may know endpoint and logins otherwise */
  known?: OwnDatabase,
): () => Promise<ChangesSeen> {
  const world = ownDatabaseWorld(environment)
  const { policy, region } = world
  const database = known ?? world.database
  const here = { environment, policy: withRecoveryRegion(policy), region }
  const store = journalBeside(here, recoveryStore(environment))
  return async () => {
    const seen = await database.session(database.ref, SESSION_MS, async (client) => {
      const { rows } = await client.query<{ r: boolean }>('select pg_is_in_recovery() as r')
      return rows[0]!.r ? undefined : rowChanges(client, protectedTables(policy))
    })
    const now = systemClock.now()
    if (!seen) return { outcome: 'not-the-writer', findings: [] }
    const look = { instance: database.ref.instance, atMs: now.getTime(), tables: seen.tables }
    const watched = await watchChanges(store, region, look, policy)
    publish('changeFindings', watched.findings.length, now)
    return watched
  }
}
