import { createServer } from 'node:http'
import type { Json } from '../../core/json'
import type { ConditionalStore, Stored } from '../../core/ports/conditional-store'
import { listenOnLoopback } from './loopback'

/** A conditional store that lists page by page. */
export interface PagedStore extends Pick<ConditionalStore, 'get' | 'create' | 'replace'> {
  /** Items whose key starts with the prefix and comes after `after`, in key order; an empty page is the end. */
  page(prefix: string, after?: string): Promise<{ readonly items: readonly Stored[] }>
}

/**
 * Serves the conditional store of one place over HTTP on loopback, so that a network path to it can be cut. PUT with
 * `if-none-match: *` creates, with `if-match: <version>` replaces; both answer 412 when too late.
 */
export async function startStoreServer(store: PagedStore): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const send = (status: number, body = '', version?: string) =>
      // One request per connection: a connection kept alive would outlive a cut of its path and fail the next request.
      response.writeHead(status, { connection: 'close', ...(version && { etag: version }) }).end(body)
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const key = decodeURIComponent(pathname.slice(1))
    const handle = async () => {
      if (request.method === 'GET' && key === '')
        return send(
          200,
          JSON.stringify(await list(store, searchParams.get('prefix') ?? '', searchParams.get('after') ?? '')),
        )
      if (request.method === 'GET') {
        const held = await store.get(key)
        return held === undefined ? send(404) : send(200, JSON.stringify(held.value), held.version)
      }
      const value = JSON.parse(await bodyOf(request)) as Json
      const expected = request.headers['if-match']
      const written =
        expected === undefined ? await store.create(key, value) : await store.replace(key, value, expected)
      return send(written === 'created' || written === 'replaced' ? 204 : 412)
    }
    handle().catch((error: Error) => send(500, error.message))
  })
  const port = await listenOnLoopback(server)
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function list(store: PagedStore, prefix: string, after: string) {
  const { items } = await store.page(prefix, after || undefined)
  return items.map(({ key, value, version }) => ({ key, text: JSON.stringify(value), version }))
}

async function bodyOf(request: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
