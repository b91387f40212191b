import type { ConditionalStore } from '../ports/conditional-store'
import { taskId, taskKey } from './task'

/** Something that has to be done once, by a day, for a reason of its own: the calendar does not ask for it again. */
export interface Once {
  /** What is to be done; part of the id of its task, so that it names the reason too. */
  readonly activity: string
  readonly owner: string
  readonly dueAt: Date
}

/** Opens a task for it, and gives its id. Asked again, the task stands as it is, attested or not. */
export async function openOnce(store: ConditionalStore, { activity, owner, dueAt }: Once): Promise<string> {
  const id = taskId(activity, dueAt)
  await store.create(taskKey(id), { activity, owner, dueAt: dueAt.toISOString(), once: true })
  return id
}
