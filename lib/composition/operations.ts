import { hasRecoveryRegion, type Policy } from '../../core/policy'
import { backupAlarms, backupEvents } from '../alarms/backups'
import { codeAlarms } from '../alarms/code'
import { configurationAlarms } from '../alarms/configuration'
import { coordinationAlarms } from '../alarms/coordination'
import { databaseAlarms } from '../alarms/database'
import { replicationAlarms } from '../alarms/replication'
import { restoreAlarms, restoreEvents } from '../alarms/restore-testing'
import { functionAlarms } from '../alarms/functions'
import { findings, ringingAlarms, securityAlarms, sensitiveCalls } from '../alarms/security'
import { serviceAlarms, serviceComposites, serviceEvents } from '../alarms/service'
import { FUNCTIONS } from '../functions'
import type { DataRegionRole } from '../names'
import { RUNBOOKS_OF } from '../runbook-machines'
import { OperationsStack, type EscalationLevel } from '../stacks/operations-stack'
import type { Foundation } from './foundation'
import type { Region } from './region'

/** What notices in a data region, and whom it tells. */
export function operations(region: Region<DataRegionRole>, { keys }: Foundation): void {
  const { stage, role, policy } = region
  new OperationsStack(stage, `operations-${role}`, {
    ...region.stack('operations'),
    contracts: hasRecoveryRegion(policy) ? FUNCTIONS.operations : [],
    around: region.surroundings(keys),
    code: region.code,
    key: keys.key('operations'),
    logRetention: region.logRetention,
    levels: levelsOf(policy),
    events: [
      ringingAlarms(region.names),
      findings(region),
      ...sensitiveCalls(region),
      ...backupEvents(region),
      ...restoreEvents(region),
      ...serviceEvents(),
    ],
    composites: serviceComposites(region),
    alarms: [
      ...serviceAlarms(region),
      ...securityAlarms(region),
      ...backupAlarms(region),
      ...restoreAlarms(region),
      ...databaseAlarms(region),
      ...replicationAlarms(region),
      ...configurationAlarms(region),
      ...codeAlarms(region),
      ...functionAlarms(region, Object.keys(RUNBOOKS_OF[role])),
      // A topology of one region has no guard.
      ...(hasRecoveryRegion(policy) ? coordinationAlarms(region) : []),
    ],
  })
}

/** The levels of the escalation with their addresses. Throws where the policy has none. */
export function levelsOf({ escalation, contacts }: Policy): readonly [EscalationLevel, ...EscalationLevel[]] {
  const known = [...contacts.primary, ...contacts.external]
  const [first, ...later] = escalation
    .toSorted((a, b) => a.level - b.level)
    .map(({ level, notify }) => ({
      level,
      emails: known.filter(({ role }) => notify.includes(role)).map(({ email }) => email),
    }))
  if (!first) throw new Error('the policy names no level of escalation; add one that pages first')
  return [first, ...later]
}
