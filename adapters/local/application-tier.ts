import { createServer, type Server } from 'node:http'
import type { ApplicationHook, ApplicationTier } from '../../core/ports/application-tier'
import { listenOnLoopback } from './loopback'

const ANSWER_MS = 2_000

/**
 * Stands for the application of a region: a small HTTP server for each hook, well while `useDatabase` succeeds the way an
 * application would use it. What a hook would do in AWS plays no part here.
 */
export class LocalApplicationTier implements ApplicationTier {
  private readonly running = new Map<string, { readonly server: Server; readonly port: number }>()

  constructor(private readonly useDatabase: () => Promise<unknown>) {}

  async bringUp({ name }: ApplicationHook): Promise<void> {
    if (this.running.has(name)) return
    const server = createServer((_, response) => {
      const answer = (status: number) => response.writeHead(status, { connection: 'close' }).end()
      this.useDatabase().then(
        () => answer(200),
        () => answer(503),
      )
    })
    this.running.set(name, { server, port: await listenOnLoopback(server) })
  }

  async healthy({ name }: ApplicationHook): Promise<boolean> {
    const port = this.running.get(name)?.port
    if (port === undefined) return false
    try {
      return (await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(ANSWER_MS) })).ok
    } catch {
      return false
    }
  }

  /** Names of the hooks whose stand-in runs. */
  started(): readonly string[] {
    return [...this.running.keys()]
  }

  async close(): Promise<void> {
    const servers = [...this.running.values()].map(({ server }) => server)
    this.running.clear()
    await Promise.all(
      servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => resolve())
            server.closeAllConnections()
          }),
      ),
    )
  }
}
