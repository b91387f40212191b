import type { Policy } from '../../core/policy'
import { openCorrection } from '../../core/coordination/corrections'
import type { ConditionalStore } from '../../core/ports/conditional-store'
import type { DataKeys } from '../../core/ports/data-keys'
import type { DatabaseSession } from '../../core/ports/database'
import { readBaseline } from '../../core/readiness/baseline'
import { postgresSession } from '../postgres/database-session'
import type { TableBaseline } from '../postgres/fingerprint/baseline'
import type { Sessions } from './own-database'
import { validatedTables } from './protected-tables'

/** Longest ordinary session; a call of a runbook stays below a minute. */
const SESSION_MS = 45_000

/** The database session of a runbook, next to the database. Only a validation, which reads every table, may take longer. */
export function rdsSession(
  database: Sessions,
  policy: Policy,
  recovery: ConditionalStore,
  keys: DataKeys,
): DatabaseSession {
  const lasting = (deadlineMs: number): DatabaseSession =>
    postgresSession({
      leaseMs: policy.pace.lease.durationSeconds * 1000,
      tables: validatedTables(policy),
      baseline: async () => (await readBaseline(recovery)) as unknown as TableBaseline[] | undefined,
      openCorrection: (entry) => openCorrection(recovery, keys, entry),
      withSession: (ref, work) => database.session(ref, deadlineMs, work),
    })
  const patient = lasting(policy.failover.timeouts.validateSeconds * 1000)
  return { ...lasting(SESSION_MS), validate: (ref) => patient.validate(ref) }
}
