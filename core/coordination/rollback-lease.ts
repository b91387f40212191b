import * as z from 'zod/mini'
import type { ConditionalStore, Stored } from '../ports/conditional-store'
import { loadRun } from './run-journal'

/** The right to change what is in force in an environment: one run at a time has it. */
export interface RollbackLease {
  /** Id of the run that holds it. */
  readonly owner: string
  readonly until: string
}

const leaseSchema = z.strictObject({ owner: z.string(), until: z.iso.datetime() })

const keyOf = (environment: string): string => `leases/rollback-${environment}`

interface Claim {
  readonly environment: string
  /** Id of the run. */
  readonly owner: string
  readonly seconds: number
  readonly now: Date
}

/**
 * Takes the lease for a run, or renews it. One whose owner has not renewed it in time is dead, and one whose owner has ended
 * needs it no more: either is taken over. Gives who holds it now, which is somebody else where it was refused.
 */
export async function takeRollbackLease(store: ConditionalStore, claim: Claim): Promise<RollbackLease> {
  const { environment, owner, seconds, now } = claim
  const wanted: RollbackLease = { owner, until: new Date(now.getTime() + seconds * 1000).toISOString() }
  for (;;) {
    const stored = await store.get(keyOf(environment))
    const held = stored && readLease(stored)
    if (held && held.owner !== owner && !(await isFree(store, held, now))) return held
    const written = stored
      ? await store.replace(stored.key, { ...wanted }, stored.version)
      : await store.create(keyOf(environment), { ...wanted })
    if (written === 'created' || written === 'replaced') return wanted
    // Somebody was quicker: who that was, the next look tells.
  }
}

/**
 * Renews the lease of a run that has it. False where another run has it since, or nobody: it is never taken a second time on
 * the way, since what stands between may be another run's work.
 */
export async function renewRollbackLease(store: ConditionalStore, claim: Claim): Promise<boolean> {
  const stored = await store.get(keyOf(claim.environment))
  if (!stored || readLease(stored).owner !== claim.owner) return false
  return (await takeRollbackLease(store, claim)).owner === claim.owner
}

const readLease = ({ value }: Stored): RollbackLease => leaseSchema.parse(value)

async function isFree(store: ConditionalStore, { owner, until }: RollbackLease, now: Date): Promise<boolean> {
  if (Date.parse(until) <= now.getTime()) return true
  const run = await loadRun(store, owner)
  return run !== undefined && run.outcome !== 'running'
}
