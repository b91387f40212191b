import { createSocket } from 'node:dgram'
import { decode, encode, RECURSION_AVAILABLE, AUTHORITATIVE_ANSWER, type Answer, type DecodedPacket } from 'dns-packet'
import { bindToLoopback } from './loopback'

/** What the zone holds at this moment: a CNAME for the served name, an address and a port for every endpoint. */
export interface Zone {
  readonly servedName: string
  readonly ttlSeconds: number
  /** Port behind each endpoint name now; it moves when another server takes the name over. */
  readonly endpoints: ReadonlyMap<string, number>
  /** Endpoint the served name points to now. */
  target(): Promise<string>
}

/** A name server on loopback that serves one zone, as Route 53 would serve the failover records. */
export async function startDnsServer(zone: Zone): Promise<{ port: number; close(): Promise<void> }> {
  const socket = createSocket('udp4')
  socket.on('message', (message, peer) => {
    void answer(zone, message).then((reply) => reply && socket.send(reply, peer.port, peer.address))
  })
  const port = await bindToLoopback(socket)
  return { port, close: () => new Promise((resolve) => socket.close(() => resolve())) }
}

async function answer(zone: Zone, message: Buffer): Promise<Buffer | undefined> {
  const query = parse(message)
  const question = query?.questions?.[0]
  if (!query || !question) return undefined
  const answers: Answer[] = []
  const additionals: Answer[] = []
  const address = (name: string): Answer => ({ type: 'A', name, ttl: zone.ttlSeconds, data: '127.0.0.1' })
  if (question.name === zone.servedName) {
    // Where the zone cannot be read, the question fails, and whoever asked may ask again; the server goes on.
    const target = await zone.target().catch(() => undefined)
    if (target === undefined) return encode({ ...responseTo(query), flags: AUTHORITATIVE_ANSWER | SERVER_FAILURE })
    answers.push({ type: 'CNAME', name: question.name, ttl: zone.ttlSeconds, data: target }, address(target))
    additionals.push(...serviceOf(target, zone))
  } else if (zone.endpoints.has(question.name)) {
    answers.push(address(question.name))
    additionals.push(...serviceOf(question.name, zone))
  }
  const NAME_ERROR = 3
  const flags = AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | (answers.length === 0 ? NAME_ERROR : 0)
  return encode({ ...responseTo(query), flags, answers, additionals })
}

/** On AWS each endpoint has an address of its own; here all share one, so where an endpoint is, is told as its port (RFC 2782). */
function serviceOf(name: string, zone: Zone): Answer[] {
  const port = zone.endpoints.get(name)
  if (port === undefined) return []
  return [{ type: 'SRV', name: serviceName(name), ttl: zone.ttlSeconds, data: { port, target: name } }]
}

/** Name of the record that tells the port of an endpoint. */
export const serviceName = (endpoint: string): string => `_postgresql._tcp.${endpoint}`

/** RFC 1035, section 4.1.1. */
const SERVER_FAILURE = 2

const responseTo = ({ id, questions }: DecodedPacket) => ({ type: 'response' as const, id: id ?? 0, questions })

/** A datagram from anywhere may be anything; what is no DNS message gets no answer. */
function parse(message: Buffer) {
  try {
    return decode(message)
  } catch {
    return undefined
  }
}
