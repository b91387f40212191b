import { readFile } from 'node:fs/promises'
import type { Client } from 'pg'
import { connect, sqlState, type Endpoint, type Login } from '../../postgres/connect'
import { serverAt } from '../client-recipe'
import type { ClientSettings } from './settings'

/** A session, and the server it is with, whichever path leads there. */
export interface Session {
  readonly client: Client
  readonly endpoint: string
}

export async function open(endpoint: Endpoint, settings: ClientSettings): Promise<Session> {
  const { port, connectDeadlineMs } = settings.across[endpoint.name] ?? { ...settings, port: endpoint.port }
  const login = JSON.parse(await readFile(settings.loginFile, 'utf8')) as Login
  return { client: await connect({ ...endpoint, port }, login, connectDeadlineMs), endpoint: serverAt(endpoint) }
}

/** What a client knows of a write: it is there, the database said no, or nobody can say. */
export type Answer = 'acknowledged' | 'refused' | 'unknown'

export async function answerOf(statement: Promise<unknown>, deadlineMs: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<'unknown'>((resolve) => {
    timer = setTimeout(() => resolve('unknown'), deadlineMs)
  })
  // The deadline is shorter than the lease, so an answer that counts always came from a writer that held it.
  const startedMs = performance.now()
  const answered = statement.then(
    () => (performance.now() - startedMs <= deadlineMs ? ('acknowledged' as const) : ('unknown' as const)),
    (error: unknown) => {
      const state = sqlState(error)
      // A session ended in the middle of a statement may have committed; every other answer means it did not.
      return state === undefined || state.startsWith('57P') || state.startsWith('08')
        ? ('unknown' as const)
        : ('refused' as const)
    },
  )
  try {
    return await Promise.race([answered, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
