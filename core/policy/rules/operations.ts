import { RECONNECT_SECONDS, ZONE_FAILOVER_SECONDS } from '../feasibility/recovery-time'
import { rule, when, type Rules } from './rule'

const logAlarmBeforeFullDisk = rule(
  'a replica that stopped fetching is noticed long before its log fills the disk of the primary',
  ['operations.alarms.logDiskGigabytes', 'operations.alarms.slotLagGigabytes', 'database.storageGigabytes'],
  ({ operations: { alarms }, database }) => {
    const spare = database.storageGigabytes - database.sizeGigabytes
    return (['slotLagGigabytes', 'logDiskGigabytes'] as const).flatMap((name) =>
      when(
        alarms[name] > spare / 2,
        `operations.alarms.${name}`,
        `is ${alarms[name]}, more than half of the ${spare} GB beside the data`,
        `use at most ${Math.floor(spare / 2)}`,
      ),
    )
  },
)

const escalationReachesContacts = rule(
  'each level of the escalation reaches somebody who has an address',
  ['escalation', 'contacts.primary', 'contacts.external'],
  ({ escalation, contacts }) => {
    const known = [...contacts.primary, ...contacts.external].map(({ role }) => role)
    return escalation.flatMap(({ notify }, i) =>
      notify.flatMap((role, j) =>
        when(
          !known.includes(role),
          `escalation.${i}.notify.${j}`,
          `is '${role}', no contact`,
          `use one of ${known.join(', ')}`,
        ),
      ),
    )
  },
)

const notificationsAreRetriedInTime = rule(
  'a notification that was interrupted goes out before the next level of the escalation is due',
  ['operations.incidents.notifyAgainMinutes', 'escalation'],
  ({ operations: { incidents }, escalation }) => {
    const steps = escalation.flatMap(({ fromMinutes, untilMinutes }) =>
      untilMinutes === 'open' ? [] : [untilMinutes - fromMinutes],
    )
    const shortest = Math.min(...steps)
    return when(
      incidents.notifyAgainMinutes >= shortest / 2,
      'operations.incidents.notifyAgainMinutes',
      `is ${incidents.notifyAgainMinutes}, with ${shortest} minutes between two levels`,
      `use less than ${shortest / 2}`,
    )
  },
)

const MINUTE_SECONDS = 60
/** Calling a place and waiting for its answer, beside the attempts themselves. */
const CALL_SECONDS = 10

const oneFailedAttemptRingsNothing = rule(
  'the availability alarm tells its threshold from a single attempt that failed',
  ['operations.availability.attempts', 'kpis.availability.alertBelowPercent', 'kpis.availability.alertAfterMinutes'],
  ({ operations: { availability }, kpis }) => {
    const { alertBelowPercent, alertAfterMinutes } = kpis.availability
    const needed = Math.ceil(100 / (100 - alertBelowPercent) / alertAfterMinutes)
    return when(
      availability.attempts < needed,
      'operations.availability.attempts',
      `is ${availability.attempts}, of which one in ${alertAfterMinutes} minutes is more than ${100 - alertBelowPercent} %`,
      `use at least ${needed}`,
    )
  },
)

const attemptsFitTheMinute = rule(
  'the attempts of one minute end before those of the next begin',
  ['operations.availability.attempts', 'operations.availability.everySeconds', 'pace.detection.probeTimeoutSeconds'],
  ({ operations: { availability }, pace }) => {
    const { attempts, everySeconds } = availability
    const takes = attempts * everySeconds + pace.detection.probeTimeoutSeconds + CALL_SECONDS
    return when(
      takes > MINUTE_SECONDS,
      'operations.availability.everySeconds',
      `makes ${attempts} attempts take ${takes} s with the last answer and the call`,
      'shorten it',
    )
  },
)

// A schedule of EventBridge Scheduler is exact to a minute, so that two looks may be almost a minute nearer to each other.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
const zoneFailoverLosesNoRegion = rule(
  'a change of the zone of the database is never taken for the loss of the region',
  ['operations.alarms.regionLostDatapoints', 'pace.detection.probeEverySeconds', 'pace.detection.consecutiveFailures'],
  ({ operations: { alarms }, pace: { detection } }) => {
    const lasts = ZONE_FAILOVER_SECONDS + RECONNECT_SECONDS
    const window = detection.probeEverySeconds * detection.consecutiveFailures
    const spanned = (alarms.regionLostDatapoints - 2) * MINUTE_SECONDS + window
    return when(
      spanned < lasts,
      'operations.alarms.regionLostDatapoints',
      `is ${alarms.regionLostDatapoints}, which a failure of ${spanned} s can reach; a change of the zone takes ${lasts} s`,
      `use at least ${Math.ceil((lasts - window) / MINUTE_SECONDS) + 2}`,
    )
  },
)

const certificateGrowsGraver = rule(
  'a certificate is due for a while before it has to be renewed the same day',
  ['health.certificate.degradedDays', 'health.certificate.unhealthyDays'],
  ({ health: { certificate } }) =>
    when(
      certificate.degradedDays <= certificate.unhealthyDays,
      'health.certificate.degradedDays',
      `is ${certificate.degradedDays}, no more than the ${certificate.unhealthyDays} days of the graver one`,
      `use more than ${certificate.unhealthyDays}`,
    ),
)

const healthIsSeenOften = rule(
  'the health is looked at within the time after which the procedure wants an alarm',
  ['health.everyMinutes', 'kpis.availability.alertAfterMinutes'],
  ({ health, kpis: { availability } }) =>
    when(
      health.everyMinutes > availability.alertAfterMinutes,
      'health.everyMinutes',
      `is ${health.everyMinutes}, and an alarm is due after ${availability.alertAfterMinutes} minutes`,
      `use at most ${availability.alertAfterMinutes}`,
    ),
)

export const operationRules: Rules = {
  certificateGrowsGraver,
  healthIsSeenOften,
  oneFailedAttemptRingsNothing,
  attemptsFitTheMinute,
  zoneFailoverLosesNoRegion,
  logAlarmBeforeFullDisk,
  escalationReachesContacts,
  notificationsAreRetriedInTime,
}
