import { inEither, type Places } from '../coordination/places'
import type { Policy } from '../policy'
import type { Clock } from '../ports/clock'
import type { ConditionalStore } from '../ports/conditional-store'
import { PortError } from '../ports/errors'
import type { EvidenceLog } from '../ports/evidence-log'
import { ownerAudience, type Notice, type Notifier } from '../ports/notifier'
import { readTask, taskId, taskKey, type Activity } from './task'

export interface CalendarWorld {
  readonly policy: Policy
  readonly places: Places
  readonly notifier: Notifier
  readonly evidence: EvidenceLog
  readonly clock: Clock
}

/** One time at which an activity comes due. */
export interface Due {
  readonly activity: string
  readonly at: Date
}

/**
 * Opens a task for an activity that people carry out, or that a function will once it exists; tells its owner, and leaves
 * evidence that it was due. Repeating it opens one task, leaves one record, and tells the owner twice at worst.
 * Throws PortError('invalid') for an activity that the calendar does not have.
 */
export async function activityDue(
  world: CalendarWorld,
  due: Due,
): Promise<{ readonly task: string; readonly told: boolean }> {
  const activity = world.policy.calendar.activities.find(({ id }) => id === due.activity)
  if (!activity)
    throw new PortError(
      'invalid',
      'ACTIVITY_UNKNOWN',
      `the calendar has no activity '${due.activity}'; see policy/calendar.ts`,
    )
  const task = taskId(activity.id, due.at)
  const told = await inEither(world.places, (store) => open(world, store, taskKey(task), activity, due))
  await record(world, task, activity, due)
  return { task, told }
}

/** Keeps the task; `toldAt` stands in it once its owner has been told. */
async function open(
  { notifier, clock }: CalendarWorld,
  store: ConditionalStore,
  key: string,
  activity: Activity,
  { at }: Due,
): Promise<boolean> {
  await store.create(key, { activity: activity.id, dueAt: at.toISOString(), owner: activity.owner })
  const stored = (await store.get(key))!
  const task = readTask(stored)
  if (task.toldAt) return false
  await notifier.notify(ownerAudience(activity.owner), noticeOf(activity, at))
  // Lost to somebody who told at the same moment: told is told.
  await store.replace(key, { ...task, toldAt: clock.now().toISOString() }, stored.version)
  return true
}

const noticeOf = ({ id, title, owner, part, cadence, performedBy }: Activity, at: Date): Notice => ({
  subject: `Due: ${title} (${cadence} ${part})`,
  lines: [
    `Activity: ${id}`,
    `Due: ${at.toISOString()}`,
    `Owner: ${owner}`,
    performedBy.kind === 'automatic'
      ? `Carried out by the function '${performedBy.function}' where it is deployed, else by people; attested by its owner`
      : 'Carried out by people',
  ],
})

async function record(
  { evidence, clock }: CalendarWorld,
  task: string,
  activity: Activity,
  { at }: Due,
): Promise<void> {
  await evidence.append({
    key: `task/${task}`,
    kind: 'activity-due',
    subject: activity.id,
    startedAt: at.toISOString(),
    finishedAt: clock.now().toISOString(),
    outcome: 'succeeded',
    measurements: {
      task,
      part: activity.part,
      cadence: activity.cadence,
      owner: activity.owner,
      performedBy: activity.performedBy.kind,
    },
    artefacts: [],
    controls: ['CALENDAR'],
    actor: 'calendar',
  })
}
