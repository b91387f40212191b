import type { LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import type { Json } from '../../core/json'
import type { InstanceRef } from '../../core/ports/database'
import { isPortError } from '../../core/ports/errors'
import type { Health, HealthSignal } from '../../core/ports/health'
import { callFunction } from './lambda-call'
import { observation, type Observation } from './wire'

/** Functions that look, in the recovery and the witness region only: no observer needs the primary region. */
export interface Observers {
  readonly recoveryProbe: { readonly client: LambdaClient; readonly name: string }
  readonly witnessProbe: { readonly client: LambdaClient; readonly name: string }
  readonly replicaObserver: { readonly client: LambdaClient; readonly name: string }
  /** A probe tries several times before it says `down`. */
  readonly deadlineMs: number
}

/** Two independent kinds of observer: the primary region's API as probes in two other regions see it, and the replica's receiver. */
export class LambdaHealth implements Health {
  constructor(
    private readonly observers: Observers,
    private readonly now: () => Date,
  ) {}

  async signals(_primary: InstanceRef, replica: InstanceRef): Promise<readonly HealthSignal[]> {
    const { recoveryProbe, witnessProbe, replicaObserver } = this.observers
    const [here, there, receiver] = await Promise.all([
      this.ask(recoveryProbe, { of: 'primary' }),
      this.ask(witnessProbe, { of: 'primary' }),
      this.ask(replicaObserver, { instance: { ...replica } }),
    ])
    return [
      { kind: 'health-checkers', ...together(here, there) },
      { kind: 'replication-receiver', ...receiver },
    ]
  }

  /** What clients are served, wherever the served name leads. */
  async served(): Promise<Observation> {
    const { recoveryProbe, witnessProbe } = this.observers
    const asked = [recoveryProbe, witnessProbe].map((probe) => this.ask(probe, { of: 'served' }))
    const [here, there] = await Promise.all(asked)
    return together(here!, there!)
  }

  /** An observer that cannot be asked, or answers nonsense, has seen nothing. */
  private async ask(observer: Observers['recoveryProbe'], payload: Json): Promise<Observation> {
    const unseen: Observation = { verdict: 'unknown', observedAt: this.now().toISOString() }
    try {
      const answer = await callFunction(observer.client, observer.name, payload, this.observers.deadlineMs)
      const parsed = z.safeParse(observation, answer)
      return parsed.success ? parsed.data : unseen
    } catch (error) {
      if (isPortError(error)) return unseen
      throw error
    }
  }
}

/** Down only where every place says so, and since the later of the two; one place that sees it up is enough for up. */
function together(here: Observation, there: Observation): Observation {
  const observedAt = here.observedAt < there.observedAt ? here.observedAt : there.observedAt
  if (here.verdict === 'up' || there.verdict === 'up') return { verdict: 'up', observedAt }
  if (here.verdict !== 'down' || there.verdict !== 'down') return { verdict: 'unknown', observedAt }
  const since = [here.since, there.since]
    .filter((at) => at !== undefined)
    .toSorted()
    .at(-1)
  return { verdict: 'down', observedAt, ...(since ? { since } : {}) }
}
