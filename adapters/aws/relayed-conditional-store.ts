import type { LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import type { Json } from '../../core/json'
import type { ConditionalStore, Stored } from '../../core/ports/conditional-store'
import { PortError } from '../../core/ports/errors'
import { callFunction } from './lambda-call'
import { failureTold } from './told-failure'
import { journalAnswer, type JournalAnswer, type JournalRequest } from './wire'

/**
 * A store of another region as seen from an isolated subnet, which reaches no other region: through a function of the own
 * region that stands outside. Reading is all it can do.
 */
export class RelayedConditionalStore implements ConditionalStore {
  constructor(
    private readonly client: LambdaClient,
    protected readonly relay: string,
    protected readonly place: 'recovery' | 'witness',
    private readonly deadlineMs: number,
  ) {}

  async get(key: string): Promise<Stored | undefined> {
    const { items } = await this.read({ verb: 'get', place: this.place, key })
    return items[0]
  }

  async *list(prefix: string): AsyncIterable<Stored> {
    let after: string | undefined
    do {
      const page = await this.read({
        verb: 'list',
        place: this.place,
        prefix,
        ...(after === undefined ? {} : { after }),
      })
      yield* page.items
      after = page.next
    } while (after !== undefined)
  }

  create(_key: string, _value: Json): Promise<'created' | 'exists'> {
    return this.refuse()
  }

  replace(_key: string, _value: Json, _version: string): Promise<'replaced' | 'stale'> {
    return this.refuse()
  }

  protected async ask(request: JournalRequest): Promise<Exclude<JournalAnswer, { readonly kind: 'failed' }>> {
    const parsed = z.safeParse(
      journalAnswer,
      await callFunction(this.client, this.relay, { ...request }, this.deadlineMs),
    )
    if (!parsed.success) throw this.foreign()
    const answer = parsed.data
    if (answer.kind === 'failed') throw failureTold(answer, `the ${this.place} store could not be asked`)
    return answer
  }

  protected foreign(): PortError {
    return new PortError('invalid', 'RELAY_ANSWER_FOREIGN', `'${this.relay}' answered in another form`)
  }

  private async read(request: JournalRequest): Promise<{ readonly items: readonly Stored[]; readonly next?: string }> {
    const answer = await this.ask(request)
    if (answer.kind !== 'items') throw this.foreign()
    return answer
  }

  private async refuse(): Promise<never> {
    throw new PortError('denied', 'RELAY_READS_ONLY', `the ${this.place} store can only be read from here`)
  }
}

/** The journal of the recovery region through a function that may also write it. */
export class RelayedJournal extends RelayedConditionalStore {
  constructor(client: LambdaClient, relay: string, deadlineMs: number) {
    super(client, relay, 'recovery', deadlineMs)
  }

  override async create(key: string, value: Json): Promise<'created' | 'exists'> {
    const outcome = await this.write({ verb: 'create', key, value: value as z.core.util.JSONType })
    if (outcome === 'created' || outcome === 'exists') return outcome
    throw this.foreign()
  }

  override async replace(key: string, value: Json, version: string): Promise<'replaced' | 'stale'> {
    const outcome = await this.write({ verb: 'replace', key, value: value as z.core.util.JSONType, version })
    if (outcome === 'replaced' || outcome === 'stale') return outcome
    throw this.foreign()
  }

  private async write(request: JournalRequest) {
    const answer = await this.ask(request)
    return answer.kind === 'written' ? answer.outcome : undefined
  }
}
