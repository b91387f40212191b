import type { LambdaClient } from '@aws-sdk/client-lambda'
import { PortError } from '../../core/ports/errors'
import type { Json } from '../../core/json'
import type { Privilege, RunState } from '../../core/runbook/model'
import type { Previews } from '../../core/runbook/plan/previews'
import type { MoveInput } from '../../core/runbook/steps/input'
import { callFunction } from './lambda-call'

/** Reads every table: longer than anybody waits for a plan, and it would go on after nobody waits any more. */
const LEFT_TO_THE_RUN = new Set(['validate'])

/**
 * Asks the functions that hold the privileges. They believe the journal alone, so that whoever calls them with a dry run can
 * have nothing done by it.
 */
export class LambdaPreviews implements Previews {
  constructor(
    private readonly client: LambdaClient,
    private readonly nameOf: (privilege: Privilege) => string,
    private readonly deadlineMs: number,
  ) {}

  async of(privilege: Privilege, run: RunState<MoveInput>): Promise<RunState> {
    if (LEFT_TO_THE_RUN.has(run.cursor.state))
      throw new PortError('denied', 'LEFT_TO_THE_RUN', `'${run.cursor.state}' takes too long to look ahead`)
    const name = this.nameOf(privilege)
    const answer = await callFunction(this.client, name, run as unknown as Json, this.deadlineMs)
    return answer as RunState
  }
}
