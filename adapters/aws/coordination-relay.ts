import { isPortError } from '../../core/ports/errors'
import type { DynamoConditionalStore } from './dynamo-conditional-store'
import type { RelayAnswer, RelayRequest } from './wire'

/** Answers one question about a store; how a store failed is an answer too, in a port's terms. */
export async function answerRelay(
  stores: Readonly<Record<'recovery' | 'witness', DynamoConditionalStore>>,
  request: RelayRequest,
): Promise<RelayAnswer> {
  const store = stores[request.place]
  try {
    if (request.verb === 'get') {
      const found = await store.get(request.key)
      return items({ items: found ? [found] : [] })
    }
    return items(await store.page(request.prefix, request.after))
  } catch (error) {
    if (!isPortError(error)) throw error
    return { kind: 'failed', failure: error.failure, code: error.code }
  }
}

const items = (page: Awaited<ReturnType<DynamoConditionalStore['page']>>): RelayAnswer =>
  ({ kind: 'items', ...page }) as RelayAnswer
