import type { Client } from 'pg'
import { guardDecision, type GuardDecision } from '../../core/coordination/lease'
import { readEpoch, type WriterEpoch } from '../../core/coordination/writer-epoch'
import type { ConditionalStore } from '../../core/ports/conditional-store'
import { databaseClock, renewLease } from './guard'

export interface GuardSettings {
  readonly region: string
  readonly leaseMs: number
  readonly stores: readonly ConditionalStore[]
  readonly monotonicMs: () => number
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
export async function guardCycle(
  client: Client,
  settings: GuardSettings,
  memory: GuardMemory,
): Promise<{ decision: GuardDecision['kind']; memory: GuardMemory }> {
  if ((await client.query<{ r: boolean }>('select pg_is_in_recovery() as r')).rows[0]!.r) {
    return { decision: 'idle', memory: { heardAtMs: settings.monotonicMs() } }
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
    region: settings.region,
    epochs,
    silentMs: nowMs - heard.heardAtMs,
    leaseMs: settings.leaseMs,
  })
  if (decision.kind === 'renew') await renewLease(client, decision.epoch, countedFrom, settings.leaseMs)
  if (decision.kind === 'close') await client.query('select recovery_guard.close_logins()')
  return { decision: decision.kind, memory: heard }
}

/** The first answer is enough to renew on only if the other does not know better, so both are asked, at the same time. */
async function readEpochs(stores: readonly ConditionalStore[]): Promise<WriterEpoch[]> {
  const answers = await Promise.allSettled(stores.map((store) => readEpoch(store)))
  return answers.flatMap((answer) => (answer.status === 'fulfilled' && answer.value ? [answer.value] : []))
}
