import type { Socket as DatagramSocket } from 'node:dgram'
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

/** The same for several, no two alike: all are held before any is given back. Throws UserError where there are too few. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  try {
    const ports: number[] = []
    for (const server of servers) ports.push(await listenOnLoopback(server))
    return ports
  } finally {
    for (const server of servers) await new Promise<void>((resolve) => server.close(() => resolve()))
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
