import type { DynamoConditionalStore } from './dynamo-conditional-store'
import { tellingFailure } from './told-failure'
import type { JournalAnswer, JournalRequest, RelayAnswer, RelayRequest } from './wire'

/** Answers one question about a store; how a store failed is an answer too, in a port's terms. */
export async function answerRelay(
  stores: Readonly<Record<'recovery' | 'witness', DynamoConditionalStore>>,
  request: RelayRequest,
): Promise<RelayAnswer> {
  const store = stores[request.place]
  return tellingFailure(async () => {
    if (request.verb === 'get') {
      const found = await store.get(request.key)
      return items({ items: found ? [found] : [] })
    }
    return items(await store.page(request.prefix, request.after))
  })
}

/** The same of the one store that a run is journaled in, which may also be written. */
export async function answerJournal(store: DynamoConditionalStore, request: JournalRequest): Promise<JournalAnswer> {
  if (request.verb === 'get' || request.verb === 'list') {
    if (request.place !== 'recovery') return { kind: 'failed', failure: 'denied', code: 'RELAY_OF_ONE_PLACE' }
    return answerRelay({ recovery: store, witness: store }, request)
  }
  return tellingFailure(async () => ({
    kind: 'written',
    outcome:
      request.verb === 'create'
        ? await store.create(request.key, request.value)
        : await store.replace(request.key, request.value, request.version),
  }))
}

const items = (page: Awaited<ReturnType<DynamoConditionalStore['page']>>): RelayAnswer =>
  ({ kind: 'items', ...page }) as RelayAnswer
