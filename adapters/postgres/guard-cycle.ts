import type { Client } from 'pg'
import { guardDecision, type GuardDecision } from '../../core/coordination/lease'
import { readEpoch, type WriterEpoch } from '../../core/coordination/writer-epoch'
import type { InstanceRef } from '../../core/ports/database'
import type { ConditionalStore } from '../../core/ports/conditional-store'
import { databaseClock, renewLease, reopenLogins } from './guard'

export interface GuardSettings {
  /** Database that is guarded. */
  readonly instance: InstanceRef
  readonly leaseMs: number
  readonly stores: readonly ConditionalStore[]
  readonly monotonicMs: () => number
}

/**
 * What a cycle came to. `wait`: the right to write is this region's, but its database was not given it yet; opening it is
 * the act of the runbook, or of the first start. `reopen`: renewed, and logins that had been closed were opened again.
 */
export type GuardOutcome = GuardDecision['kind'] | 'wait' | 'reopen'

export interface GuardCycle {
  readonly decision: GuardOutcome
  /** Whether the database may let in whom a restart or a closure has kept out: renewed, and every place was heard. */
  readonly admits: boolean
  readonly memory: GuardMemory
}

/** One guard's memory between two cycles. */
export interface GuardMemory {
  /** When a place answered last. */
  readonly heardAtMs: number
}

/**
 * One cycle of a guard: read the database clock, then the epoch, and only then extend the lease, counted from before the
 * read. A guard that was itself stopped for a while reads the epoch again before it does anything.
 */
export async function guardCycle(client: Client, settings: GuardSettings, memory: GuardMemory): Promise<GuardCycle> {
  if ((await client.query<{ r: boolean }>('select pg_is_in_recovery() as r')).rows[0]!.r) {
    return { decision: 'idle', admits: false, memory: { heardAtMs: settings.monotonicMs() } }
  }
  const countedFrom = await databaseClock(client)
  let epochs = await readEpochs(settings.stores)
  // A guard stopped in the middle of a read finds it timed out when it goes on, and a whole lease of silence that nobody
  // heard. It asks once more before it closes a database that may be perfectly well.
  if (epochs.length === 0 && settings.monotonicMs() - memory.heardAtMs >= settings.leaseMs) {
    epochs = await readEpochs(settings.stores)
  }
  const nowMs = settings.monotonicMs()
  const heard = epochs.length > 0 ? { heardAtMs: nowMs } : memory
  const decision = guardDecision({
    instance: settings.instance,
    places: settings.stores.length,
    epochs,
    silentMs: nowMs - heard.heardAtMs,
    leaseMs: settings.leaseMs,
  })
  const outcome = await carryOut(client, decision, countedFrom, settings.leaseMs)
  const renewed = outcome === 'renew' || outcome === 'reopen'
  return { decision: outcome, admits: renewed && decision.kind === 'renew' && decision.reopen, memory: heard }
}

async function carryOut(
  client: Client,
  decision: GuardDecision,
  countedFrom: string,
  leaseMs: number,
): Promise<GuardOutcome> {
  if (decision.kind === 'close') await client.query('select recovery_guard.close_logins($1)', [decision.by ?? null])
  if (decision.kind !== 'renew') return decision.kind
  const lease = await renewLease(client, decision, countedFrom, leaseMs)
  if (lease === 'refused') return 'wait'
  if (lease === 'renewed' || !decision.reopen) return 'renew'
  await reopenLogins(client)
  return 'reopen'
}

/** The first answer is enough to renew on only if the other does not know better, so both are asked, at the same time. */
async function readEpochs(stores: readonly ConditionalStore[]): Promise<WriterEpoch[]> {
  const answers = await Promise.allSettled(stores.map((store) => readEpoch(store)))
  return answers.flatMap((answer) => (answer.status === 'fulfilled' && answer.value ? [answer.value] : []))
}
