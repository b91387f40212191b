import { createWriteStream } from 'node:fs'
import { createServer } from 'node:net'
import { readSettings, type ObserverSettings } from './settings'

/**
 * Writes down which records the clients were told are safe: a second log, by another process and over another path than
 * the clients' own. Ends on SIGTERM, once whoever is connected has hung up.
 */
function main(): void {
  const { port, log } = readSettings() as ObserverSettings
  const file = createWriteStream(log, { flags: 'a' })
  const server = createServer((socket) => socket.pipe(file, { end: false }))
  server.listen(port, '127.0.0.1')
  process.once('SIGTERM', () => server.close(() => file.end(() => process.exit(0))))
}

main()
