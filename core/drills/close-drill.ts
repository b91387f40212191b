import { attest } from '../calendar/attest'
import { taskId, taskKey } from '../calendar/task'
import { inBoth } from '../coordination/places'
import { sha256 } from '../evidence/hash'
import type { OperatorWorld } from '../operator'
import { PortError } from '../ports/errors'
import type { WriteOnceStore } from '../ports/write-once-store'
import { heldDrills, lessonsActivity, lessonsDue, LESSONS_KIND, type HeldDrill } from './held-drills'
import { lessonsText, readLessons } from './lessons'

export interface ClosingWorld extends OperatorWorld {
  /** Where the evidence of drills lies. */
  readonly records: WriteOnceStore
  /** Where their lessons do. */
  readonly lessons: WriteOnceStore
}

const keyOf = (drill: string): string => `lessons/${drill}.json`

/**
 * Closes a drill with what was learned from it: stored once, hashed into the evidence, and its task attested. The same
 * lessons again complete what was torn. Throws PortError('conflict') for a drill that never took place or has other lessons,
 * ('invalid') for lessons that are not filled in, or that say nothing about what a drill that did not pass has shown.
 */
export async function closeDrill(
  world: ClosingWorld,
  drill: string,
  text: string,
): Promise<HeldDrill & { readonly sha256: string }> {
  const { policy, clock, evidence, actor } = world
  const held = (await heldDrills(world.records, policy)).find((one) => one.drill === drill)
  if (!held)
    throw new PortError('conflict', 'DRILL_UNKNOWN', `there is no evidence of '${drill}'; 'recovery drill open' lists`)
  const lessons = readLessons(text, drill, ownersOf(policy))
  if (held.outcome !== 'succeeded' && lessons.didNotGoWell.length === 0)
    throw new PortError(
      'invalid',
      'LESSONS_TOO_GOOD',
      `'${drill}' ${held.outcome === 'failed' ? 'failed' : 'could not be judged'}; say under didNotGoWell what did not go well`,
    )
  const stored = lessonsText(lessons)
  await keep(world.lessons, drill, stored)
  const hash = sha256(stored)
  const now = clock.now()
  await evidence.append({
    key: `${LESSONS_KIND}/${drill}`,
    kind: LESSONS_KIND,
    subject: held.scenario,
    startedAt: held.finishedAt,
    finishedAt: now.toISOString(),
    outcome: 'succeeded',
    measurements: {
      run: drill,
      wentWell: lessons.wentWell.length,
      didNotGoWell: lessons.didNotGoWell.length,
      actions: lessons.actions.map(({ owner, dueOn }) => ({ owner, dueOn })),
      role: actor.role,
    },
    artefacts: [{ name: `${drill}-lessons.json`, sha256: hash }],
    controls: ['BCP-06'],
    actor: `person-${actor.person}`,
  })
  await attestTask(world, held, hash)
  return { ...held, closed: true, sha256: hash }
}

/** Roles that can own an action. */
export const ownersOf = ({ contacts }: Pick<OperatorWorld['policy'], 'contacts'>): readonly string[] =>
  contacts.primary.map(({ role }) => role)

async function keep(store: WriteOnceStore, drill: string, text: string): Promise<void> {
  if ((await store.create(keyOf(drill), text)) === 'created') return
  if ((await store.get(keyOf(drill))) !== text)
    throw new PortError('conflict', 'LESSONS_STAND', `'${drill}' is closed with other lessons, which stay as they are`)
}

/** A drill that was held before tasks were opened for lessons has none. */
async function attestTask(world: ClosingWorld, { drill, finishedAt }: HeldDrill, hash: string): Promise<void> {
  const task = taskId(lessonsActivity(drill), lessonsDue(world.policy, new Date(finishedAt)))
  const held = await inBoth(world.places, (store) => store.get(taskKey(task)))
  if (held.every((stored) => stored === undefined)) return
  await attest(world, { task, outcome: 'done', reference: hash.slice(0, 16) })
}
