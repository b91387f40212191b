import { LambdaClient } from '@aws-sdk/client-lambda'
import { connect, destroy } from '../postgres/connect'
import { guardCycle, type GuardMemory } from '../postgres/guard-cycle'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { systemClock } from '../local/clock'
import { clientSettings } from './client-settings'
import { setting, type AwsEnvironment } from './environment'
import { ownDatabasesWorld } from './own-world'
import type { GuardShift } from './region-guard'
import { RelayedConditionalStore } from './relayed-conditional-store'

const monotonicMs = () => systemClock.monotonicMs()

/**
 * What the guard of a region needs for each of its databases, from the environment. What it remembers lasts as long as the
 * function's instance.
 */
export function guardShifts(environment: AwsEnvironment, workForSeconds: number): readonly GuardShift[] {
  const { policy, region, databases } = ownDatabasesWorld(environment)
  const { durationSeconds, renewEverySeconds } = policy.pace.lease
  const renewEveryMs = renewEverySeconds * 1000
  // One dead place must not cost more than a renewal: both are asked at once, and neither longer than this.
  const client = new LambdaClient(clientSettings(region, { attempts: 1, answerMs: renewEveryMs }))
  const reader = setting(environment, 'coordinationReader')
  const stores = (['recovery', 'witness'] as const).map(
    (place) => new RelayedConditionalStore(client, reader, place, renewEveryMs),
  )
  return databases.map((database) => {
    const settings = { instance: database.ref, leaseMs: durationSeconds * 1000, stores, monotonicMs }
    let memory: GuardMemory = { heardAtMs: monotonicMs() }
    return {
      workForMs: workForSeconds * 1000,
      renewEveryMs,
      connect: async () => connect(database.endpoint, await database.login(FENCE_ROLE), renewEveryMs),
      disconnect: destroy,
      cycle: async (session) => {
        const cycle = await guardCycle(session, settings, memory)
        memory = cycle.memory
        return cycle.decision
      },
    }
  })
}
