import type { LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import type { Json } from '../../core/json'
import type { InstanceRef } from '../../core/ports/database'
import { isPortError } from '../../core/ports/errors'
import type { Health, HealthSignal } from '../../core/ports/health'
import { callFunction } from './lambda-call'
import type { Attempts } from '../../core/detection/service-level'
import { attempts, observation, type Observation } from './wire'

/** Functions that look. The probes stand in the recovery and the witness region; the receiver is asked where the replica stands. */
export interface Observers {
  readonly recoveryProbe: { readonly client: LambdaClient; readonly name: string }
  readonly witnessProbe: { readonly client: LambdaClient; readonly name: string }
  /** In the region of a replica. */
  readonly replicaObserver: (region: string) => { readonly client: LambdaClient; readonly name: string }
  /** The one region whose health the probes ask for. */
  readonly probed: string
  /** A probe tries several times before it says `down`. */
  readonly deadlineMs: number
}

/** Two independent kinds of observer: the primary region's API as probes in two other regions see it, and the replica's receiver. */
export class LambdaHealth implements Health {
  constructor(
    private readonly observers: Observers,
    private readonly now: () => Date,
  ) {}

  async signals(writer: InstanceRef, replica: InstanceRef): Promise<readonly HealthSignal[]> {
    const { replicaObserver, probed } = this.observers
    const [checked, receiver] = await Promise.all([
      // Of a writer that stands elsewhere the probes know nothing.
      writer.region === probed ? this.askProbes() : this.unseen(),
      this.ask(replicaObserver(replica.region), { instance: { ...replica } }),
    ])
    return [
      { kind: 'health-checkers', ...checked },
      { kind: 'replication-receiver', ...receiver },
    ]
  }

  /** How often clients are served, wherever the served name leads, as each place that could be asked saw it. */
  async served(): Promise<readonly Attempts[]> {
    const { recoveryProbe, witnessProbe } = this.observers
    const seen = await Promise.all(
      [recoveryProbe, witnessProbe].map((probe) => this.answer(probe, { of: 'served' }, attempts)),
    )
    return seen.filter((one) => one !== undefined)
  }

  private async askProbes(): Promise<Observation> {
    const { recoveryProbe, witnessProbe } = this.observers
    const [here, there] = await Promise.all([
      this.ask(recoveryProbe, { of: 'primary' }),
      this.ask(witnessProbe, { of: 'primary' }),
    ])
    return together(here, there)
  }

  /** An observer that cannot be asked, or answers nonsense, has seen nothing. */
  private async ask(observer: Observers['recoveryProbe'], payload: Json): Promise<Observation> {
    return (await this.answer(observer, payload, observation)) ?? this.unseen()
  }

  private unseen(): Observation {
    return { verdict: 'unknown', observedAt: this.now().toISOString() }
  }

  private async answer<Form extends z.ZodMiniType>(
    observer: Observers['recoveryProbe'],
    payload: Json,
    form: Form,
  ): Promise<z.output<Form> | undefined> {
    try {
      const answer = await callFunction(observer.client, observer.name, payload, this.observers.deadlineMs)
      return z.safeParse(form, answer).data
    } catch (error) {
      if (isPortError(error)) return undefined
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
