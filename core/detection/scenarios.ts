import type { Policy } from '../policy'

/**
 * The procedure's disasters, a database that is lost while its region works, a violation of compliance, and a safety net with a
 * hole in it while nothing is lost yet.
 */
export type Scenario = keyof Policy['scenarios'] | 'database-failure' | 'compliance-violation' | 'weakened-protection'

/** How bad it is. `critical` calls vendors and regulators at once; the others escalate by age. */
export type Severity = 'critical' | 'high' | 'medium'

/** Every runbook of the design, also those that are still carried out by people. */
export type RunbookName =
  | 'zone-failover'
  | 'region-failover'
  | 'failback'
  | 'point-in-time-recovery'
  | 'isolate-and-recover'
  | 'rollback'
  | 'restore-test'
  | 'compliance-remediation'

/** What answers a scenario. */
export interface Response {
  /** `none`: only the guide of the alarm that rang helps. */
  readonly runbook: RunbookName | 'none'
  readonly severity: Severity
  /** Where a person reads what to do, as `file#section` under docs/runbooks. */
  readonly byHand: string
}

/** The one table from scenario to runbook and severity. */
export const RESPONSES: Readonly<Record<Scenario, Response>> = {
  'data-center-outage': {
    runbook: 'region-failover',
    severity: 'critical',
    byHand: 'disasters.md#data-center-outage',
  },
  // RDS begins to fail over by itself: the run waits for that, begins one where none came, and proves and validates.
  'database-failure': { runbook: 'zone-failover', severity: 'high', byHand: 'disasters.md#database-failure' },
  'database-corruption': {
    runbook: 'point-in-time-recovery',
    severity: 'critical',
    byHand: 'disasters.md#database-corruption',
  },
  'security-incident': {
    runbook: 'isolate-and-recover',
    severity: 'critical',
    byHand: 'disasters.md#security-incident',
  },
  'deployment-failure': { runbook: 'rollback', severity: 'high', byHand: 'disasters.md#deployment-failure' },
  'compliance-violation': {
    runbook: 'compliance-remediation',
    severity: 'high',
    byHand: 'disasters.md#compliance-violation',
  },
  'weakened-protection': { runbook: 'none', severity: 'medium', byHand: 'disasters.md#weakened-protection' },
}
