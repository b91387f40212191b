import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

/** As many as PostgreSQL itself (scram_iterations). */
const ITERATIONS = 4096

/**
 * What the server keeps of a password (RFC 5803), made here, so that the password itself stands in no statement and no log
 * (https://www.postgresql.org/docs/18/sql-createrole.html). For passwords of ASCII letters and digits, which SASLprep leaves alone.
 */
export function scramVerifier(password: string): string {
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256')
  const keyOf = (name: string) => createHmac('sha256', salted).update(name).digest()
  const storedKey = createHash('sha256').update(keyOf('Client Key')).digest('base64')
  const serverKey = keyOf('Server Key').toString('base64')
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
