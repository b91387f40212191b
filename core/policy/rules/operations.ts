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

export const operationRules: Rules = {
  logAlarmBeforeFullDisk,
  escalationReachesContacts,
  notificationsAreRetriedInTime,
}
