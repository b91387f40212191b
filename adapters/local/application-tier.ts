import { createServer } from 'node:http'
import type { ApplicationHook, ApplicationTier } from '../../core/ports/application-tier'
import { listenOnLoopback } from './loopback'

const ANSWER_MS = 2_000

/** An application that was started, and answers GET /health on its port of 127.0.0.1. */
export interface RunningApplication {
  readonly port: number
  close(): Promise<void>
}

/** Applications of a region on this machine, started and asked over HTTP. What a hook would do in AWS plays no part here. */
export class LocalApplicationTier implements ApplicationTier {
  private readonly running = new Map<string, RunningApplication>()

  constructor(private readonly start: (name: string) => Promise<RunningApplication>) {}

  async bringUp({ name }: ApplicationHook): Promise<void> {
    if (!this.running.has(name)) this.running.set(name, await this.start(name))
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

  /** Names of the hooks whose application was started. */
  started(): readonly string[] {
    return [...this.running.keys()]
  }

  async close(): Promise<void> {
    const applications = [...this.running.values()]
    this.running.clear()
    await Promise.all(applications.map((application) => application.close()))
  }
}

/** Stands for an application: well while `useDatabase` succeeds the way an application would use it. */
export const standIn = (useDatabase: () => Promise<unknown>) => async (): Promise<RunningApplication> => {
  const server = createServer((_, response) => {
    const answer = (status: number) => response.writeHead(status, { connection: 'close' }).end()
    useDatabase().then(
      () => answer(200),
      () => answer(503),
    )
  })
  return {
    port: await listenOnLoopback(server),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
