import type { IAMClient } from '@aws-sdk/client-iam'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import type { Clock } from '../../core/ports/clock'
import type { Containment } from '../../core/ports/containment'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import { revokeSessions } from './iam-sessions'
import { callFunction } from './lambda-call'
import { failureTold } from './told-failure'
import { containmentAnswer, type ContainmentAnswer, type ContainmentRequest } from './wire'

export interface ContainmentFunctions {
  /** Function of a region that cuts off the databases there. */
  readonly function: { readonly name: string; readonly client: (region: string) => LambdaClient }
  readonly deadlineMs: number
  readonly iam: IAMClient
  /** Roles of people, whose sessions may be in other hands. */
  readonly roles: readonly string[]
  readonly clock: Clock
}

/**
 * Cuts off databases by the function that stands next to each, and the sessions of people's roles by IAM. The database comes
 * first: where IAM is away, nobody reaches it all the same, and the run stops where people see it.
 */
export function lambdaContainment(around: ContainmentFunctions): Containment {
  const { function: fn, deadlineMs, iam, roles, clock } = around
  const ask = async <Task extends ContainmentRequest['task']>(task: Task, instance: InstanceRef, key: string) => {
    const payload = { task, instance: { ...instance }, key }
    const answer = z.safeParse(
      containmentAnswer,
      await callFunction(fn.client(instance.region), fn.name, payload, deadlineMs),
    )
    if (answer.success && answer.data.kind === 'failed')
      throw failureTold(answer.data, `'${instance.instance}' was not cut off`)
    if (!answer.success || answer.data.kind !== task)
      throw new PortError('invalid', 'CONTAINMENT_FOREIGN', `'${fn.name}' answered in another form`)
    return answer.data as ContainmentAnswer & { readonly kind: Task }
  }
  return {
    isolate: async (ref, { key }) => {
      const { connectionsEnded } = await ask('isolate', ref, key)
      return { connectionsEnded }
    },
    revoke: async (ref, { key }) => {
      const { roles: closed, sessionsEnded } = await ask('revoke', ref, key)
      await revokeSessions(iam, roles, { key, now: clock.now() })
      return { roles: closed, sessionsEnded }
    },
  }
}
