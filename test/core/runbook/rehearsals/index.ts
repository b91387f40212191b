import { complianceRemediation } from './compliance-remediation'
import { failback } from './failback'
import { isolateAndRecover } from './isolate-and-recover'
import { pointInTimeRecovery } from './point-in-time-recovery'
import { regionFailover } from './region-failover'
import type { Rehearsal } from './rehearsal'
import { restoreTest } from './restore-test'
import { rollback } from './rollback'
import { zoneFailover } from './zone-failover'

/** One for every runbook; a test compares them with the registry. */
export const REHEARSALS: readonly Rehearsal[] = [
  zoneFailover,
  regionFailover,
  failback,
  pointInTimeRecovery,
  restoreTest,
  isolateAndRecover,
  complianceRemediation,
  rollback,
]

export * from './rehearsal'
