import { sessionsWith } from '../../adapters/aws/own-database'
import { ownDatabasesWorld } from '../../adapters/aws/own-world'
import { momentOf } from '../../adapters/postgres/moment'
import { invocation } from '../invocation'
import * as form from './contract'

/** One question; longer than this, the database is not well. */
const SESSION_MS = 15_000

const sessions = sessionsWith(ownDatabasesWorld(process.env).databases)

export const handler = invocation(form, async ({ instance, target }) => {
  const at = await sessions.session(instance, SESSION_MS, (client) => momentOf(client, target))
  return at === undefined ? {} : { at }
})
