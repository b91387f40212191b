import { inBoth } from '../coordination/places'
import type { OperatorWorld } from '../operator'
import { PortError } from '../ports/errors'
import { readTask, taskKey, type ATTESTED_OUTCOMES, type Task } from './task'

export interface Attestation {
  readonly task: string
  readonly outcome: (typeof ATTESTED_OUTCOMES)[number]
  readonly reference: string
}

/**
 * Records how an activity ended, once, in every place that holds its task, with evidence. The same person with the same
 * words again completes what was torn; throws PortError('conflict') where no such task is open.
 */
export async function attest(world: OperatorWorld, { task, outcome, reference }: Attestation): Promise<Task> {
  const { places, evidence, clock, actor } = world
  const held = (await inBoth(places, (store) => store.get(taskKey(task)))).flatMap((stored) =>
    stored ? [readTask(stored)] : [],
  )
  const [known] = held.toSorted((a, b) => Number(Boolean(b.attested)) - Number(Boolean(a.attested)))
  if (!known)
    throw new PortError('conflict', 'TASK_UNKNOWN', `there is no task '${task}'; 'recovery calendar tasks' lists them`)
  const attested = known.attested ?? { at: clock.now().toISOString(), ...actor, outcome, reference }
  const same = attested.person === actor.person && attested.outcome === outcome && attested.reference === reference
  if (!same)
    throw new PortError('conflict', 'TASK_ATTESTED', `'${task}' was attested as ${attested.outcome} at ${attested.at}`)
  // Evidence first: what is attested without a record would be somebody's word alone.
  await evidence.append({
    key: `attested/${task}`,
    kind: 'activity-attested',
    subject: known.activity,
    startedAt: known.dueAt,
    finishedAt: attested.at,
    outcome: outcome === 'done' ? 'succeeded' : 'failed',
    measurements: { task, attested: outcome, reference, owner: known.owner, role: attested.role },
    artefacts: [],
    controls: ['CALENDAR'],
    actor: `person-${attested.person}`,
  })
  const done = { ...known, attested }
  await inBoth(places, async (store) => {
    const stored = await store.get(taskKey(task))
    if (!stored || readTask(stored).attested) return
    if ((await store.replace(stored.key, done, stored.version)) === 'stale')
      throw new PortError('unreachable', 'TASK_RACED', `somebody changed '${task}' at the same moment; try again`)
  })
  return done
}
