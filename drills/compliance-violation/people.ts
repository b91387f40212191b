import { localActor } from '../../adapters/local/operator'
import { attest } from '../../core/calendar/attest'
import { tasks } from '../../core/calendar/task'
import { loadRun } from '../../core/coordination/run-journal'
import type { OperatorWorld } from '../../core/operator'
import { answerRun } from '../../core/runbook/run-desk'

/** Pause between two looks of somebody who waits for people. */
const PEOPLE_LOOK_MS = 100

/** Somebody in a role, played by the drill. */
export const actor = (role: string): OperatorWorld['actor'] => {
  const played = localActor(`${role}/drill-${role}`)
  if (!played) throw new Error(`'${role}' is no role`)
  return played
}

/** The second person, who says yes to what the run asks. */
export async function answering(world: OperatorWorld, runId: string, ended: () => boolean): Promise<void> {
  while (!ended()) {
    const run = await loadRun(world.places.recovery, runId)
    for (const [step, { status }] of Object.entries(run?.steps ?? {}))
      if (status === 'awaiting-approval') await answerRun(world, { id: runId, step, approve: true })
    await world.clock.sleep(PEOPLE_LOOK_MS)
  }
}

/** Each role acknowledges what the run asked it to. Gives how many have not. */
export async function acknowledged(world: OperatorWorld, runId: string): Promise<number> {
  const ofRun = async () =>
    [...(await tasks(world.places, world.clock.now()))].filter(
      ([, { activity, attested }]) => activity.startsWith('training-') && activity.endsWith(runId) && !attested,
    )
  for (const [task, { owner }] of await ofRun())
    await attest({ ...world, actor: actor(owner) }, { task, outcome: 'done', reference: runId })
  return (await ofRun()).length
}
