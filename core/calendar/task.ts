import { z } from 'zod'
import { inBoth, type Places } from '../coordination/places'
import type { Policy } from '../policy'
import type { Stored } from '../ports/conditional-store'
import { PortError } from '../ports/errors'

export type Activity = Policy['calendar']['activities'][number]

/** How an activity ended, by the word of whoever answers for it. */
export const ATTESTED_OUTCOMES = ['done', 'done-with-findings', 'not-done'] as const

/** One time at which an activity came due, and what became of it. */
export const taskSchema = z.strictObject({
  activity: z.string(),
  dueAt: z.iso.datetime(),
  owner: z.string(),
  /** It came due for a reason of its own, and not by the calendar. */
  once: z.literal(true).optional(),
  /** When its owner was told. */
  toldAt: z.iso.datetime().optional(),
  attested: z
    .strictObject({
      at: z.iso.datetime(),
      role: z.string(),
      person: z.string(),
      outcome: z.enum(ATTESTED_OUTCOMES),
      /** Where the result is kept, such as a ticket or the id of a piece of evidence. */
      reference: z.string(),
    })
    .optional(),
})
export type Task = z.infer<typeof taskSchema>

/** Tasks lie by the month in which they came due, so that a look at the last ones does not read years of them. */
const monthOf = (month: string): string => `tasks/${month}/`
/** An id ends in its day, such as `2026-12-01`. */
export const taskKey = (id: string): string => `${monthOf(id.slice(-10, -3))}${id}`
export const taskId = (activity: string, dueAt: Date): string => `${activity}-${dueAt.toISOString().slice(0, 10)}`

/** What a store holds as a task. Throws PortError('invalid') for anything else. */
export function readTask({ key, value }: Pick<Stored, 'key' | 'value'>): Task {
  const parsed = taskSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new PortError('invalid', 'TASK_UNREADABLE', `'${key}' holds no task; look at what wrote it`)
}

/** How far back a look goes: what was due a whole quarter and its grace ago has come due again since. */
const MONTHS = 6
/** What comes due once is opened before its day: as many days as the policy may give it lie within the next two months. */
const MONTHS_AHEAD = 2

/**
 * The tasks of the last six months, and of the next two, by id. A task lies where a place answered when it was opened, so both are asked; an
 * attestation in either counts. Costs one query per month and place: some 600 tasks a month with the procedure's calendar.
 */
export async function tasks(places: Places, now: Date): Promise<ReadonlyMap<string, Task>> {
  const found = new Map<string, Task>()
  await inBoth(places, async (store) => {
    for (let back = -MONTHS_AHEAD; back < MONTHS; back += 1) {
      const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back)).toISOString().slice(0, 7)
      for await (const stored of store.list(monthOf(month))) {
        const id = stored.key.slice(monthOf(month).length)
        const task = readTask(stored)
        if (task.attested || !found.has(id)) found.set(id, task)
      }
    }
  })
  return found
}
