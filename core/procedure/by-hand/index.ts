import type { ExecutableRunbook } from '../../runbook/runbooks'
import type { StepsByHand } from './by-hand'
import { COMPLIANCE_REMEDIATION } from './compliance-remediation'
import { FAILBACK } from './failback'
import { ISOLATE_AND_RECOVER } from './isolate-and-recover'
import { POINT_IN_TIME_RECOVERY } from './point-in-time-recovery'
import { REGION_FAILOVER } from './region-failover'
import { RESTORE_TEST } from './restore-test'
import { ROLLBACK } from './rollback'
import { ZONE_FAILOVER } from './zone-failover'

export type { ByHand } from './by-hand'

/** Every step of every runbook; a test compares them. */
export const BY_HAND: Readonly<Record<ExecutableRunbook, StepsByHand>> = {
  'zone-failover': ZONE_FAILOVER,
  'region-failover': REGION_FAILOVER,
  failback: FAILBACK,
  'point-in-time-recovery': POINT_IN_TIME_RECOVERY,
  'restore-test': RESTORE_TEST,
  'isolate-and-recover': ISOLATE_AND_RECOVER,
  'compliance-remediation': COMPLIANCE_REMEDIATION,
  rollback: ROLLBACK,
}
