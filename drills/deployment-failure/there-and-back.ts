import { exactly, type Objective } from '../../core/measurement'
import type { RunState } from '../../core/runbook/model'
import type { RollbackInput } from '../../core/runbook/rollback/input'
import { readEvents } from '../logs'
import { withSecondPerson } from '../second-person'
import { putBack, type Act, type Played } from './act'
import { withoutChannel, writtenIn } from './written-rows'

/** A rollback that was rolled back, and that again, by two operators at once. */
export interface ThereAndBack {
  /** Puts the release back that the rollback left. */
  readonly there: RunState<RollbackInput>
  /** Rows of that release that do not have again what was set aside; undefined where it did not come back. */
  readonly notBack: number | undefined
  /** Runs of two operators who began at the same moment. */
  readonly operators: readonly RunState<RollbackInput>[]
}

export async function thereAndBack({ stage, log }: Played, all: Act): Promise<ThereAndBack> {
  const { runId, say, world } = stage
  const { incident } = all.answered
  say('rolling the rollback back')
  // With the newer schema tables have other columns than the baseline knows, so that a person has to accept the data.
  const there = await withSecondPerson(stage.ports, () =>
    putBack(stage, `${runId}-there`, incident.id, { type: 'full', to: all.release.sequence }),
  )
  const before = await writtenIn(readEvents(log))
  const notBack =
    there.outcome === 'succeeded'
      ? await world.withInstance(world.primary, (client) =>
          withoutChannel(client, before.by(all.release.tag), 'in-place'),
        )
      : undefined
  say('two operators put it back at once')
  const operators = await Promise.all(
    ['one', 'other'].map((name) => putBack(stage, `${runId}-${name}`, incident.id, { type: 'full' })),
  )
  return { there, notBack, operators }
}

/** One of the two did it, and the other was told so before it changed anything. */
export function oneOperator({ operators }: ThereAndBack): Objective {
  const outcomes = operators.map(({ outcome, stoppedBy }) => stoppedBy?.code ?? outcome).toSorted()
  return exactly('two operators at once', 'one kept out', toldOf(outcomes))
}

const KEPT_OUT = ['ROLLBACK_UNDER_WAY', 'PLAN_STALE', 'NOTHING_TO_PUT_BACK']

const toldOf = (outcomes: readonly string[]): string => {
  const isKeptOut = outcomes.some((outcome) => KEPT_OUT.includes(outcome))
  return isKeptOut && outcomes.includes('succeeded') ? 'one kept out' : outcomes.join(', ')
}
