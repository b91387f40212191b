import { createSocket } from 'node:dgram'
import { AUTHORITATIVE_ANSWER, decode, encode, type Answer } from 'dns-packet'
import { bindToLoopback } from '../adapters/local/loopback'

/** Target of a name's CNAME; undefined where the zone has none. */
export type Target = (name: string) => Promise<string | undefined>

export interface NameServer {
  readonly address: string
  /** Says what names lead to from now on; nothing does before. */
  answerFrom(target: Target): void
  close(): Promise<void>
}

/** Answers are never older than the records: nothing here is about caches. */
const TTL_SECONDS = 0
const OUR_NAME = 'ns.localhost'

const NOTHING: Target = async () => undefined

/**
 * The one name server that emulated functions may ask. It serves every zone, as Route 53's would after a delegation: the
 * zone's name server is itself, and its CNAMEs are those that `target` finds.
 */
export async function startNameServer(): Promise<NameServer> {
  let target = NOTHING
  const socket = createSocket('udp4')
  socket.on('message', (message, peer) => {
    void answer(message, target).then((reply) => socket.send(reply, peer.port, peer.address))
  })
  const port = await bindToLoopback(socket)
  return {
    address: `127.0.0.1:${port}`,
    answerFrom: (next) => {
      target = next
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}

async function answer(message: Buffer, target: Target): Promise<Buffer> {
  const { id, questions = [] } = decode(message)
  const { name = '', type } = questions[0] ?? {}
  const answers: Answer[] = []
  if (type === 'NS') answers.push({ type: 'NS', name, ttl: TTL_SECONDS, data: OUR_NAME })
  if (type === 'A' && name === OUR_NAME) answers.push({ type: 'A', name, ttl: TTL_SECONDS, data: '127.0.0.1' })
  const data = type === 'CNAME' ? await target(name) : undefined
  if (data !== undefined) answers.push({ type: 'CNAME', name, ttl: TTL_SECONDS, data })
  return encode({ type: 'response', id: id ?? 0, flags: AUTHORITATIVE_ANSWER, questions, answers })
}
