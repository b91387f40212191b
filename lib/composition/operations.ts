import { hasRecoveryRegion, type Policy } from '../../core/policy'
import { archiveAlarms } from '../alarms/archive'
import { backupAlarms, backupEvents } from '../alarms/backups'
import { codeAlarms } from '../alarms/code'
import { configurationAlarms } from '../alarms/configuration'
import { coordinationAlarms } from '../alarms/coordination'
import { changeAlarms, databaseAlarms, databaseEvents } from '../alarms/database'
import { replicationAlarms } from '../alarms/replication'
import { restoreAlarms, restoreEvents } from '../alarms/restore-testing'
import { functionAlarms } from '../alarms/functions'
import { findings, ringingAlarms, securityAlarms, sensitiveCalls } from '../alarms/security'
import { verificationAlarms } from '../alarms/verification'
import { serviceAlarms, serviceComposites, serviceEvents } from '../alarms/service'
import { audiencesOf, CALENDAR_ROLE } from '../audiences'
import { FUNCTIONS } from '../functions'
import type { DataRegionRole, RegionRole } from '../names'
import { runbooksOf } from '../runbook-machines'
import { OperationsStack, type OperationsStackProps } from '../stacks/operations-stack'
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
    audiences: recipientsIn(policy, role),
    calendar: calendarOf(region),
    healthEveryMinutes: policy.health.everyMinutes,
    events: [
      ringingAlarms(region.names),
      findings(region),
      ...sensitiveCalls(region),
      ...backupEvents(region),
      ...restoreEvents(region),
      ...serviceEvents(),
      ...databaseEvents(region),
    ],
    composites: serviceComposites(region),
    alarms: [
      ...serviceAlarms(region),
      ...securityAlarms(region),
      ...backupAlarms(region),
      ...restoreAlarms(region),
      ...verificationAlarms(region),
      ...databaseAlarms(region),
      ...changeAlarms(region),
      ...replicationAlarms(region),
      ...configurationAlarms(region),
      ...codeAlarms(region),
      ...archiveAlarms(region),
      ...functionAlarms(region, runbooksOf(region.names, role)),
      // A topology of one region has no guard.
      ...(hasRecoveryRegion(policy) ? coordinationAlarms(region) : []),
    ],
  })
}

/** Activities whose time starts a function of this stack, or the one that tells their owner. What runs by itself has its own schedule. */
function calendarOf({ names, role, policy }: Region<DataRegionRole>): OperationsStackProps['calendar'] {
  if (role !== CALENDAR_ROLE) return undefined
  // Those of other stacks run at a pace of their own and know no calendar: that they are due is told to their owner.
  const deployed = FUNCTIONS.operations.filter(({ places }) => places.includes(role)).map(({ name }) => name)
  const { due, watchEveryMinutes, activities } = policy.calendar
  return {
    watchEveryMinutes,
    timeZone: due.timeZone,
    activities: activities.flatMap(({ id, cadence, performedBy }) => {
      if (performedBy.kind === 'continuous') return []
      const own = performedBy.kind === 'automatic' && deployed.includes(performedBy.function)
      const functionArn = names.functionArn(role, own ? performedBy.function : 'activity-due')
      return [{ id, cron: due[cadence], functionArn }]
    }),
  }
}

/** Who is told in a region, the first level first. Throws where the policy has no level. */
export function recipientsIn(policy: Policy, role: RegionRole): OperationsStackProps['audiences'] {
  const [first, ...others] = audiencesOf(policy, role)
  if (!first) throw new Error('the policy names no level of escalation; add one that pages first')
  return [first, ...others]
}
