import { createSocket } from 'node:dgram'
import { AUTHORITATIVE_ANSWER, decode, encode, type Answer, type DecodedPacket } from 'dns-packet'
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
    void reply(message, target).then((text) => text && socket.send(text, peer.port, peer.address))
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

/** RFC 1035, section 4.1.1: the name server was unable to process this query. */
const SERVER_FAILURE = 2

/** What cannot be said now is a failure of the one answer, not of the run. What is no DNS message gets none. */
async function reply(message: Buffer, target: Target): Promise<Buffer | undefined> {
  const question = parse(message)
  if (!question) return undefined
  const { id = 0, questions = [] } = question
  try {
    return encode({
      type: 'response',
      id,
      flags: AUTHORITATIVE_ANSWER,
      questions,
      answers: await answer(question, target),
    })
  } catch {
    return encode({ type: 'response', id, flags: AUTHORITATIVE_ANSWER | SERVER_FAILURE, questions })
  }
}

function parse(message: Buffer): DecodedPacket | undefined {
  try {
    return decode(message)
  } catch {
    return undefined
  }
}

async function answer({ questions = [] }: DecodedPacket, target: Target): Promise<Answer[]> {
  const { name = '', type } = questions[0] ?? {}
  const answers: Answer[] = []
  if (type === 'NS') answers.push({ type: 'NS', name, ttl: TTL_SECONDS, data: OUR_NAME })
  if (type === 'A' && name === OUR_NAME) answers.push({ type: 'A', name, ttl: TTL_SECONDS, data: '127.0.0.1' })
  const data = type === 'CNAME' ? await target(name) : undefined
  if (data !== undefined) answers.push({ type: 'CNAME', name, ttl: TTL_SECONDS, data })
  return answers
}
