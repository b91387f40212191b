import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Marking } from '../../core/ports/marking'
import { UserError } from '../../core/user-error'
import { withSession } from '../postgres/connect'
import { setMarker } from '../postgres/moment'

/** Where a database of this machine is, and what to log in with. */
const connectionSchema = z.strictObject({
  endpoint: z.strictObject({
    name: z.string(),
    host: z.literal('127.0.0.1'),
    port: z.int().min(1).max(65_535),
    database: z.string(),
    authority: z.string(),
  }),
  login: z.strictObject({ user: z.string(), password: z.string() }),
})

const DEADLINE_MS = 5000

/** Marks the database that a file of JSON names. Throws UserError for a file that names none of this machine. */
export async function databaseMarking(file: string): Promise<Marking> {
  const parsed = connectionSchema.safeParse(await jsonOf(file))
  if (!parsed.success)
    throw new UserError(
      'DATABASE_FILE',
      `'${file}' names no database of this machine: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
      "give it { endpoint: { name, host: '127.0.0.1', port, database, authority }, login: { user, password } }",
    )
  const { endpoint, login } = parsed.data
  return { mark: (name) => withSession(endpoint, login, DEADLINE_MS, (client) => setMarker(client, name)) }
}

async function jsonOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    throw new UserError(
      'DATABASE_FILE',
      `'${file}' cannot be read, or holds no JSON`,
      'give the path of a file of JSON',
    )
  }
}
