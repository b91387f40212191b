import { worstGapHours } from '../schedule'
import { rule, when, type Rules } from './rule'

const activitiesAreUnique = rule('every activity has its own schedule and evidence', ['calendar'], ({ calendar }) =>
  calendar.activities.flatMap(({ id }, i) =>
    when(
      calendar.activities.findIndex((other) => other.id === id) !== i,
      `calendar.activities.${i}.id`,
      `'${id}' is used twice`,
      'give each activity an id of its own',
    ),
  ),
)

const ownersCanBeTold = rule(
  'whoever answers for an activity hears that it is due',
  ['calendar', 'contacts.primary'],
  ({ calendar, contacts }) => {
    const known = contacts.primary.map(({ role }) => role)
    return calendar.activities.flatMap(({ owner }, i) =>
      when(
        !known.includes(owner),
        `calendar.activities.${i}.owner`,
        `is '${owner}', no contact`,
        `use one of ${known.join(', ')}`,
      ),
    )
  },
)

/** The longest pause that a cadence allows; hours. A month has at most 31 days, a quarter 92. */
const LONGEST_HOURS = { daily: 24, weekly: 7 * 24, monthly: 31 * 24, quarterly: 92 * 24 } as const

const CADENCES = ['daily', 'weekly', 'monthly', 'quarterly'] as const

const cadencesAreKept = rule(
  'what is called daily, weekly, monthly or quarterly comes due that often, all year',
  ['calendar.due'],
  ({ calendar: { due } }) =>
    CADENCES.flatMap((cadence) => {
      const gap = worstGapHours(due[cadence], due.timeZone)
      return when(
        gap > LONGEST_HOURS[cadence],
        `calendar.due.${cadence}`,
        `leaves ${gap} hours between two times`,
        `leave at most ${LONGEST_HOURS[cadence]}`,
      )
    }),
)

/** The shortest pause of a cadence; hours. A month has at least 28 days, a quarter 90. */
const SHORTEST_HOURS = { daily: 24, weekly: 7 * 24, monthly: 28 * 24, quarterly: 90 * 24 } as const

const graceEndsBeforeTheNext = rule(
  'what was not done is seen before it comes due again',
  ['calendar.graceHours'],
  ({ calendar: { graceHours } }) =>
    CADENCES.flatMap((cadence) =>
      when(
        graceHours[cadence] >= SHORTEST_HOURS[cadence],
        `calendar.graceHours.${cadence}`,
        `is ${graceHours[cadence]} hours`,
        `allow less than ${SHORTEST_HOURS[cadence]}`,
      ),
    ),
)

export const calendarRules: Rules = { activitiesAreUnique, ownersCanBeTold, cadencesAreKept, graceEndsBeforeTheNext }
