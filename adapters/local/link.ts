import { createServer, connect, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import { listenOnLoopback } from './loopback'

/** A network path between two places that can be slow, or cut like a partition: packets vanish, nothing is refused. */
export interface Link {
  readonly port: number
  cut(): void
  heal(): void
  /** Whatever is sent from now on takes this much longer in each direction; 0 ends it. */
  delay(milliseconds: number): void
  close(): Promise<void>
}

/** Forwards 127.0.0.1:<any port> to a port on 127.0.0.1. Every byte is under way for `oneWayMs`, in either direction. */
export async function openLink(targetPort: () => number, oneWayMs = 0): Promise<Link> {
  let isCut = false
  let delayMs = 0
  /** Holds each piece back for its time, in order: what is behind a slow one waits for it. */
  const slow = () =>
    new Transform({
      transform: (piece, _, pass) => {
        if (delayMs === 0) pass(null, piece)
        else setTimeout(() => (isCut ? pass() : pass(null, piece)), delayMs)
      },
    })
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
    // What was sent before the end is still under way, and arrives.
    const endInTime = oneWayMs === 0 ? end : () => setTimeout(end, 2 * oneWayMs)
    for (const socket of pair) socket.setNoDelay(true).on('error', end).on('close', endInTime)
    for (const [from, to] of [pair, [outer, inner] as const]) {
      if (oneWayMs === 0) from.pipe(slow()).pipe(to)
      else
        from
          .pipe(slow())
          .pipe(underWay(oneWayMs, () => isCut))
          .pipe(to)
    }
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
        inner.unpipe().pause()
        outer.unpipe().pause()
      }
    },
    heal: () => {
      isCut = false
      // A real network would retransmit; after minutes the sessions are dead anyway. Ending them is the harsher case.
      dropAll()
    },
    delay: (milliseconds) => {
      delayMs = milliseconds
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

/** Timers of one length fire in the order they were set, so the bytes stay in order. */
function underWay(oneWayMs: number, isLost: () => boolean): Transform {
  return new Transform({
    transform(chunk: Buffer, _, done) {
      setTimeout(() => !isLost() && this.push(chunk), oneWayMs)
      done()
    },
    flush: (done) => void setTimeout(done, oneWayMs),
  })
}
