import { LambdaClient } from '@aws-sdk/client-lambda'
import { readEpoch } from '../../core/coordination/writer-epoch'
import type { ConditionalStore } from '../../core/ports/conditional-store'
import { connect, destroy } from '../postgres/connect'
import { guardCycle, type GuardMemory } from '../postgres/guard-cycle'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { systemClock } from '../local/clock'
import { clientSettings } from './client-settings'
import { setting, type AwsEnvironment } from './environment'
import type { OwnDatabase } from './own-database'
import { ownDatabasesWorld } from './own-world'
import type { GuardShift } from './region-guard'
import { RelayedConditionalStore } from './relayed-conditional-store'
import { restoredDatabases, type FindRestored } from './restored-databases'

const monotonicMs = () => systemClock.monotonicMs()

/** The databases that the guard of a region keeps. */
export interface GuardedDatabases {
  /** Those that are declared. */
  readonly declared: readonly GuardShift[]
  /**
   * Those that a restore has made and that the right to write has been given to since, as far as is known: what the epoch
   * names now, and whatever it has named before, which has to be closed. Once declared, they are among the others.
   */
  readonly restored: () => Promise<readonly GuardShift[]>
}

/**
 * What the guard of a region needs for each of its databases, from the environment. What it remembers lasts as long as the
 * function's instance.
 */
export function guardedDatabases(
  environment: AwsEnvironment,
  workForSeconds: number,
  /** @default asked of RDS */
  find?: FindRestored,
): GuardedDatabases {
  const { policy, region, databases } = ownDatabasesWorld(environment)
  const { durationSeconds, renewEverySeconds } = policy.pace.lease
  const renewEveryMs = renewEverySeconds * 1000
  // One dead place must not cost more than a renewal: both are asked at once, and neither longer than this.
  const client = new LambdaClient(clientSettings(region, { attempts: 1, answerMs: renewEveryMs }))
  const reader = setting(environment, 'coordinationReader')
  const stores = (['recovery', 'witness'] as const).map(
    (place) => new RelayedConditionalStore(client, reader, place, renewEveryMs),
  )
  const shiftOf = (database: OwnDatabase): GuardShift => {
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
  }
  const findRestored = find ?? restoredDatabases(environment, region, policy.database.name)
  const restored = new Map<string, GuardShift>()
  return {
    declared: databases.map(shiftOf),
    restored: async () => {
      const named = await namedByEpochs(stores, region)
      for (const instance of named) {
        if (restored.has(instance) || databases.some(({ ref }) => ref.instance === instance)) continue
        // What RDS does not tell this time, it is asked again within the minute.
        const found = await findRestored({ region, instance }).catch(() => undefined)
        if (found) restored.set(instance, shiftOf(found))
      }
      return [...restored.values()]
    },
  }
}

/** Instances of the region that any place gives the right to write to; a place that does not answer names none. */
async function namedByEpochs(stores: readonly ConditionalStore[], region: string): Promise<ReadonlySet<string>> {
  const read = await Promise.allSettled(stores.map((store) => readEpoch(store)))
  const epochs = read.flatMap((answer) => (answer.status === 'fulfilled' && answer.value ? [answer.value] : []))
  return new Set(epochs.flatMap(({ holder, instance }) => (holder === region && instance ? [instance] : [])))
}
