import { loadRun } from '../../coordination/run-journal'
import { renewRollbackLease, takeRollbackLease } from '../../coordination/rollback-lease'
import { PortError } from '../../ports/errors'
import type { StepContext } from '../model'
import type { RollbackInput } from './input'

/** A lease that is not renewed for twice the longest wait for one component belongs to a run that nobody drives any more. */
const LONGEST_SILENCE = 2

type Context = Pick<StepContext<RollbackInput>, 'ports' | 'input' | 'runId' | 'run'>

const claimOf = ({ ports, input, runId }: Context) => ({
  environment: input.environment,
  owner: runId,
  seconds: LONGEST_SILENCE * Math.max(input.healthySeconds, input.pollEverySeconds),
  now: ports.clock.now(),
})

/** Gives the run that has the right to change what is in force: this one, or another that is under way. */
export const take = async (context: Context): Promise<string> =>
  (await takeRollbackLease(context.ports.coordination.recovery, claimOf(context))).owner

/**
 * Before every change: throws PortError('conflict') where another run has taken over, or where another driver of this run has
 * left the step since. What is asked for after this look by a process that hung in between is the one thing it cannot see.
 */
export async function holdOn(context: Context): Promise<void> {
  const { ports, input, run } = context
  const { recovery } = ports.coordination
  if (!(await renewRollbackLease(recovery, claimOf(context))))
    throw new PortError(
      'conflict',
      'LEASE_LOST',
      `another rollback of '${input.environment}' has taken over from this one; leave the platform to it`,
    )
  const newest = await loadRun(recovery, run.runId)
  if (newest?.outcome !== 'running' || newest.cursor.state !== run.cursor.state)
    throw new PortError('conflict', 'STEP_LEFT', `run '${run.runId}' has gone on without this driver`)
}
