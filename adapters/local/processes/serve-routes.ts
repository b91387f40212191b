import { createServer, type IncomingMessage } from 'node:http'

export type Routes = Readonly<
  Record<string, (request: IncomingMessage) => Promise<readonly [status: number, body?: object]>>
>

/** Answers each request by its method and path, such as `GET /health`, with JSON. A route that throws is a 500. */
export function serveRoutes(port: number, routes: Routes, headers: Readonly<Record<string, string>> = {}): void {
  createServer((request, response) => {
    const send = (status: number, body?: object) =>
      // One request per connection: a connection kept alive would outlive a cut of its path and fail the next request.
      response.writeHead(status, { ...headers, connection: 'close' }).end(body && JSON.stringify(body))
    const route = routes[`${request.method} ${request.url}`]
    if (!route) return void send(404)
    route(request).then(
      ([status, body]) => send(status, body),
      () => send(500),
    )
  }).listen(port, '127.0.0.1')
}
