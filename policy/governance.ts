import type { Policy } from '../core/policy'

/** Who watches the account. */
export const governance: Policy['governance'] = {
  trail: { mode: 'create', lock: { mode: 'governance' }, dataEvents: ['evidence', 'configuration', 'code'] },
  recorder: { mode: 'create' },
  detector: { mode: 'create', features: ['S3_DATA_EVENTS', 'RDS_LOGIN_EVENTS', 'LAMBDA_NETWORK_LOGS'] },
  backupAudit: { mode: 'create', reportsRole: 'create' },
  // GuardDuty calls a finding medium, high and critical from here on
  // (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html).
  findings: { incidentFrom: 4, highFrom: 7, criticalFrom: 9 },
}
