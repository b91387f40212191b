import type { Client } from 'pg'
import { PortError } from '../../core/ports/errors'
import { asPortError, destroy, sqlState } from './connect'
import { openSession, type DatabaseAddress } from './database-url'

const CONNECT_MS = 20_000
/** A database that somebody uses, or a name that somebody took. */
const IN_USE = '55006'
const DUPLICATE = '42P04'

/** Throws PortError('conflict', 'TARGET_EXISTS') where the server has a database of that name. */
export const requireUnused = (server: DatabaseAddress, name: string): Promise<void> =>
  onServer(server, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount !== 0) throw targetExists(name)
  })

/** Removes what an earlier run left under a name that only we give; refuses while somebody uses it. */
export async function dropOurs(client: Client, name: string): Promise<void> {
  try {
    await client.query(`drop database if exists ${client.escapeIdentifier(name)}`)
  } catch (error) {
    if (sqlState(error) !== IN_USE) throw error
    throw new PortError(
      'conflict',
      'TARGET_IN_USE',
      `'${name}' is in use: the same backup is being restored just now; wait for it`,
    )
  }
}

/** Gives a database the name that it is to be known by. */
export const rename = (server: DatabaseAddress, from: string, to: string): Promise<void> =>
  onServer(server, async (client) => {
    try {
      await client.query(`alter database ${client.escapeIdentifier(from)} rename to ${client.escapeIdentifier(to)}`)
    } catch (error) {
      throw sqlState(error) === DUPLICATE ? targetExists(to) : error
    }
  })

const targetExists = (name: string): PortError =>
  new PortError(
    'conflict',
    'TARGET_EXISTS',
    `a database '${name}' is there already, and nothing is restored over anything, least of all over what was backed up; choose another name`,
  )

/** A session for statements about databases. */
export async function onServer<T>(server: DatabaseAddress, work: (client: Client) => Promise<T>): Promise<T> {
  let client: Client | undefined
  try {
    client = await openSession(server, CONNECT_MS)
    return await work(client)
  } catch (error) {
    throw asPortError(error, server.host)
  } finally {
    destroy(client)
  }
}
