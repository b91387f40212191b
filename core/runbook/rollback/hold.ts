import { renewRollbackLease, takeRollbackLease } from '../../coordination/rollback-lease'
import { PortError } from '../../ports/errors'
import type { StepContext } from '../model'
import type { RollbackInput } from './input'

/** A lease that is not renewed for twice the longest wait for one component belongs to a run that nobody drives any more. */
const LONGEST_SILENCE = 2

type Context = Pick<StepContext<RollbackInput>, 'ports' | 'input' | 'runId'>

const claimOf = ({ ports, input, runId }: Context) => ({
  environment: input.environment,
  owner: runId,
  seconds: LONGEST_SILENCE * Math.max(input.healthySeconds, input.pollEverySeconds),
  now: ports.clock.now(),
})

/** Gives the run that has the right to change what is in force: this one, or another that is under way. */
export const take = async (context: Context): Promise<string> =>
  (await takeRollbackLease(context.ports.coordination.recovery, claimOf(context))).owner

/** Before every change: throws PortError('conflict') where another run has taken over. */
export async function holdOn(context: Context): Promise<void> {
  if (await renewRollbackLease(context.ports.coordination.recovery, claimOf(context))) return
  throw new PortError(
    'conflict',
    'LEASE_LOST',
    `another rollback of '${context.input.environment}' has taken over from this one; leave the platform to it`,
  )
}
