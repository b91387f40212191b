import { destroy } from '../../postgres/connect'
import { addressBook } from '../client-recipe'
import { answerOf, open, type Answer, type Session } from './database-client'
import type { ClientSettings } from './settings'

/** Answers undefined where the database answers nobody; a session that failed once is not used again. */
export type DatabaseUse = (
  text: string,
  values: readonly unknown[],
) => Promise<{ readonly answer: Answer; readonly writer: string } | undefined>

/** The database as an application of many requests uses it: through the served name, over one session that is kept. */
export function databaseUse(settings: ClientSettings): DatabaseUse {
  const resolver = { port: settings.dnsPort, servedName: settings.servedName, deadlineMs: settings.connectDeadlineMs }
  const address = addressBook(resolver, settings.allowed, () => performance.now())
  let session: Session | undefined
  return async (text, values) => {
    let used: Session
    try {
      used = session ??= await open(await address(), settings)
    } catch {
      return undefined
    }
    const answer = await answerOf(used.client.query(text, [...values]), settings.writeDeadlineMs)
    if (answer !== 'acknowledged') {
      destroy(used.client)
      if (session === used) session = undefined
    }
    return { answer, writer: used.endpoint }
  }
}
