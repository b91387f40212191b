import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

/** As many as PostgreSQL itself (scram_iterations). */
const ITERATIONS = 4096

/**
 * What the server keeps of a password (RFC 5803), made here, so that the password itself stands in no statement and no log
 * (https://www.postgresql.org/docs/18/sql-createrole.html). For passwords of ASCII letters and digits, which SASLprep leaves alone.
 */
export const scramVerifier = (password: string): string => verifierOf(password, randomBytes(16), ITERATIONS)

/** Whether what the server keeps was made of the password. */
export function fitsVerifier(password: string, verifier: string): boolean {
  const [, iterations, salt] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(verifier) ?? []
  if (iterations === undefined || salt === undefined) throw new Error('what the server keeps is no SCRAM verifier')
  return verifierOf(password, Buffer.from(salt, 'base64'), Number(iterations)) === verifier
}

function verifierOf(password: string, salt: Buffer, iterations: number): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const keyOf = (name: string) => createHmac('sha256', salted).update(name).digest()
  const storedKey = createHash('sha256').update(keyOf('Client Key')).digest('base64')
  const serverKey = keyOf('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
