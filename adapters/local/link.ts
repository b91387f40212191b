import { createServer, connect, type Socket } from 'node:net'
import { listenOnLoopback } from './loopback'

/** A network path between two places that can be cut, like a partition: packets vanish, nothing is refused. */
export interface Link {
  readonly port: number
  cut(): void
  heal(): void
  close(): Promise<void>
}

/** Forwards 127.0.0.1:<any port> to a port on 127.0.0.1. */
export async function openLink(targetPort: () => number): Promise<Link> {
  let isCut = false
  const pairs = new Set<readonly [Socket, Socket]>()
  const server = createServer((inner) => {
    if (isCut) {
      hold(inner)
      return
    }
    const outer = connect({ host: '127.0.0.1', port: targetPort() })
    const pair = [inner, outer] as const
    pairs.add(pair)
    const end = () => {
      // During a cut nobody may learn that the other side is gone.
      if (isCut) return
      pairs.delete(pair)
      inner.destroy()
      outer.destroy()
    }
    for (const socket of pair) socket.setNoDelay(true).on('error', end).on('close', end)
    inner.pipe(outer)
    outer.pipe(inner)
  })
  const held = new Set<Socket>()
  const hold = (socket: Socket) => {
    held.add(socket)
    socket.on('error', () => undefined).pause()
  }
  const port = await listenOnLoopback(server)

  return {
    port,
    cut: () => {
      isCut = true
      for (const [inner, outer] of pairs) {
        inner.unpipe(outer).pause()
        outer.unpipe(inner).pause()
      }
    },
    heal: () => {
      isCut = false
      // A real network would retransmit; after minutes the sessions are dead anyway. Ending them is the harsher case.
      dropAll()
    },
    close: async () => {
      isCut = false
      dropAll()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }

  function dropAll(): void {
    for (const [inner, outer] of pairs) {
      inner.destroy()
      outer.destroy()
    }
    pairs.clear()
    for (const socket of held) socket.destroy()
    held.clear()
  }
}
