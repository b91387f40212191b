import { PortError } from '../ports/errors'
import { complianceRemediation } from './compliance-remediation'
import type { BaseInput, Runbook } from './model'
import { failback } from './failback'
import { isolateAndRecover } from './isolate-and-recover'
import { pointInTimeRecovery } from './point-in-time-recovery'
import { regionFailover } from './region-failover'
import { restoreTest } from './restore-test'
import { rollback } from './rollback'
import { zoneFailover } from './zone-failover'

/** Every runbook that can be executed, by its name. Each takes its own input, made by its own `resolve`. */
export const RUNBOOKS = {
  'zone-failover': zoneFailover,
  'region-failover': regionFailover,
  failback,
  'point-in-time-recovery': pointInTimeRecovery,
  'restore-test': restoreTest,
  'isolate-and-recover': isolateAndRecover,
  'compliance-remediation': complianceRemediation,
  rollback,
} satisfies Readonly<Record<string, Runbook<never>>>

export type ExecutableRunbook = keyof typeof RUNBOOKS

export const isExecutable = (name: string): name is ExecutableRunbook => Object.hasOwn(RUNBOOKS, name)

/**
 * The runbook of a run that was entered in the journal: its input was made for it, whatever a driver knows of it.
 * Throws PortError('invalid') for a name that no runbook has.
 */
export function runbookNamed(name: string): Runbook<BaseInput> {
  if (isExecutable(name)) return RUNBOOKS[name] as Runbook<never> as Runbook<BaseInput>
  throw new PortError(
    'invalid',
    'RUNBOOK_UNKNOWN',
    `no runbook is named '${name}'; there are: ${Object.keys(RUNBOOKS).join(', ')}`,
  )
}
