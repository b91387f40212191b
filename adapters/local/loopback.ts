import { randomInt } from 'node:crypto'
import type { Socket as DatagramSocket } from 'node:dgram'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { UserError } from '../../core/user-error'

/** Lets the server listen on any free port of 127.0.0.1 and gives the port. Throws UserError where there is none. */
export async function listenOnLoopback(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve)).catch(
    refused,
  )
  return portOf(server)
}

/** The same for a datagram socket. */
export async function bindToLoopback(socket: DatagramSocket): Promise<number> {
  await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(0, '127.0.0.1', resolve)).catch(
    refused,
  )
  return socket.address().port
}

/** A port nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1)
  return port!
}

/**
 * The same for several, no two alike: all are held before any is given back. They are below the ports that the kernel gives to
 * whoever connects, since a server that starts minutes later would find one of those taken by any client of this machine.
 * Throws UserError where there are too few.
 */
export async function freePorts(count: number): Promise<number[]> {
  const below = await lowestOfClients()
  // Whoever comes to such a server needs a port too, of those of clients.
  await held(count, listenOnLoopback)
  return held(count, (server) => listenBelow(server, below))
}

/** Ports of as many servers as are wanted, all at once, and given back. */
async function held(count: number, listen: (server: Server) => Promise<number>): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  try {
    const ports: number[] = []
    for (const server of servers) ports.push(await listen(server))
    return ports
  } finally {
    for (const server of servers) await new Promise<void>((resolve) => server.close(() => resolve()))
  }
}

/** Below it are the ports of well-known services. */
const LOWEST = 10_000
/** Where a system begins that does not say so: https://www.rfc-editor.org/rfc/rfc6335#section-6 */
const DYNAMIC_PORTS = 49_152
const TRIES = 50

/** First port that connections of clients may take; Linux says so, and may be told otherwise. */
async function lowestOfClients(): Promise<number> {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '')
  return Number(/^\d+/.exec(range)?.[0] ?? DYNAMIC_PORTS)
}

async function listenBelow(server: Server, below: number): Promise<number> {
  if (below <= LOWEST) return listenOnLoopback(server)
  for (let tries = 1; ; tries += 1) {
    const port = randomInt(LOWEST, below)
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port, '127.0.0.1', resolve)
      })
      return port
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EADDRINUSE' || tries === TRIES) refused(error as NodeJS.ErrnoException)
    }
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return address.port
}

function refused(error: NodeJS.ErrnoException): never {
  throw new UserError(
    'NO_FREE_PORT',
    `no port of 127.0.0.1 could be opened (${error.code ?? error.message})`,
    'end programs that hold many ports, and check that the loopback interface is up and that the limit of open files is not reached (ulimit -n)',
    { cause: error },
  )
}
