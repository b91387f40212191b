import type { LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import type { Restore, RestoreTarget } from '../../core/ports/restore'
import { callFunction } from './lambda-call'
import { momentAnswer } from './wire'

/**
 * Moments of transactions and markers, which the database alone knows: asked through a function beside it, so that what
 * restores holds no login.
 */
export class LambdaMoments implements Pick<Restore, 'momentOf'> {
  constructor(
    private readonly client: LambdaClient,
    private readonly functionName: string,
    private readonly deadlineMs: number,
  ) {}

  async momentOf(source: InstanceRef, target: RestoreTarget): Promise<string | undefined> {
    const request = { instance: { ...source }, target: { ...target } }
    const answer = z.safeParse(
      momentAnswer,
      await callFunction(this.client, this.functionName, request, this.deadlineMs),
    )
    if (!answer.success)
      throw new PortError('invalid', 'MOMENT_FOREIGN', `'${this.functionName}' answered in another form`)
    return answer.data.at
  }
}
