import type { LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import type { Fence, FenceOutcome, InstanceRef } from '../../core/ports/database'
import { isPortError } from '../../core/ports/errors'
import { callFunction } from './lambda-call'
import { fenceOutcome } from './wire'

/** Asks the fence function of the region that an instance stands in, once and for no longer than the deadline. */
export class LambdaFence implements Fence {
  constructor(
    private readonly clientOf: (region: string) => LambdaClient,
    private readonly functionName: string,
    private readonly deadlineMs: number,
  ) {}

  async close(instance: InstanceRef, request: { key: string; epoch: number }): Promise<FenceOutcome> {
    try {
      const answer = await callFunction(
        this.clientOf(instance.region),
        this.functionName,
        { instance: { ...instance }, ...request },
        this.deadlineMs,
      )
      const outcome = z.safeParse(fenceOutcome, answer)
      return outcome.success ? outcome.data : { kind: 'unreachable' }
    } catch (error) {
      // Whatever stands between us and the other region, a missing permission too, proves nothing and must not stop
      // the failover: the lease is the proof that needs no call to a region that may be gone.
      if (isPortError(error)) return { kind: 'unreachable' }
      throw error
    }
  }
}
