import type { LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import type { ConditionalStore, Stored } from '../../core/ports/conditional-store'
import { PortError } from '../../core/ports/errors'
import { callFunction } from './lambda-call'
import { relayAnswer, type RelayRequest } from './wire'

/**
 * A store of another region as seen from an isolated subnet, which reaches no other region: read through a function of
 * the own region that stands outside. Reading is all it can do.
 */
export class RelayedConditionalStore implements ConditionalStore {
  constructor(
    private readonly client: LambdaClient,
    private readonly reader: string,
    private readonly place: 'recovery' | 'witness',
    private readonly deadlineMs: number,
  ) {}

  async get(key: string): Promise<Stored | undefined> {
    const { items } = await this.ask({ verb: 'get', place: this.place, key })
    return items[0]
  }

  async *list(prefix: string): AsyncIterable<Stored> {
    let after: string | undefined
    do {
      const page = await this.ask({
        verb: 'list',
        place: this.place,
        prefix,
        ...(after === undefined ? {} : { after }),
      })
      yield* page.items
      after = page.next
    } while (after !== undefined)
  }

  async create(): Promise<never> {
    throw this.readOnly()
  }

  async replace(): Promise<never> {
    throw this.readOnly()
  }

  private async ask(request: RelayRequest): Promise<{ readonly items: readonly Stored[]; readonly next?: string }> {
    const parsed = z.safeParse(
      relayAnswer,
      await callFunction(this.client, this.reader, { ...request }, this.deadlineMs),
    )
    if (!parsed.success)
      throw new PortError('invalid', 'RELAY_ANSWER_FOREIGN', `'${this.reader}' answered in another form`)
    const answer = parsed.data
    if (answer.kind === 'failed')
      throw new PortError(answer.failure, answer.code, `the ${this.place} store could not be read`)
    return answer
  }

  private readOnly(): PortError {
    return new PortError('denied', 'RELAY_READS_ONLY', `the ${this.place} store can only be read from here`)
  }
}
