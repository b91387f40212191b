import type { InstanceRef } from '../../core/ports/database'
import { systemClock } from '../local/clock'
import { paceOf } from '../postgres/copy-checks'
import { postgresContentReader } from '../postgres/fingerprint/content-reader'
import type { AwsEnvironment } from './environment'
import { sessionsWith, type Sessions } from './own-database'
import { ownDatabasesWorld } from './own-world'
import { validatedTables } from './protected-tables'
import { tellingFailure } from './told-failure'
import type { ContentAnswer, ContentRequest } from './wire'

/** What a function has at most, less its start and end. */
const LONGEST_MS = 880_000
/** Some questions that are answered within a moment, several times over. */
const PACE_MS = 60_000

/** Reads the databases of the own region for a comparison, as the fence role, which may read every table and changes none here. */
export function contentBeside(
  environment: AwsEnvironment,
  reach?: Sessions,
): (request: ContentRequest) => Promise<ContentAnswer> {
  const { databases, policy } = ownDatabasesWorld(environment)
  const sessions = reach ?? sessionsWith(databases)
  const { lockWaitSeconds, replica } = policy.fingerprint
  const readerOf = (ref: InstanceRef) =>
    postgresContentReader({
      session: (work) => sessions.session(ref, LONGEST_MS, work),
      lockWaitMs: lockWaitSeconds * 1000,
      replicaWaitMs: replica.waitSeconds * 1000,
    })
  const asked = {
    tables: validatedTables(policy).all,
    runs: policy.verification.weekly.performance.runs,
    nowMs: () => systemClock.monotonicMs(),
  }
  return (request) =>
    tellingFailure(async (): Promise<ContentAnswer> => {
      const reader = readerOf(request.instance)
      switch (request.read) {
        case 'sizes':
          return {
            read: 'sizes',
            tables: (await reader.sizes()).map(({ table, bytes, blocks, divisible }) => ({
              table,
              bytes,
              blocks,
              divisible,
            })),
          }
        case 'ranges':
          return { read: 'ranges', found: await reader.ranges(request.part, request.count, request.after) }
        case 'rows':
          return { read: 'rows', ...(await reader.rows(request.table, request.blocks, request.after)) }
        case 'catalog':
          return { read: 'catalog', ...(await reader.catalog(request.after)) }
        case 'pace':
          return {
            read: 'pace',
            ...(await sessions.session(request.instance, PACE_MS, (client) => paceOf(client, asked))),
          }
      }
    })
}
