import { createSocket } from 'node:dgram'
import { decode, encode, type DecodedPacket } from 'dns-packet'
import type { Endpoint } from '../postgres/connect'
import { serviceName } from './dns-server'

/** How to ask the name server of a world. */
export interface Resolver {
  readonly port: number
  readonly servedName: string
  readonly deadlineMs: number
}

/** Endpoint the served name points to now, and for how long that may be remembered. One question, no cache. */
export async function resolveServed(
  resolver: Resolver,
): Promise<{ target: string; port: number | undefined; ttlSeconds: number }> {
  const reply = await ask(resolver, resolver.servedName)
  const found = reply.answers?.find((answer) => answer.type === 'CNAME' && answer.name === resolver.servedName)
  if (found?.type !== 'CNAME') throw new Error(`the name '${resolver.servedName}' has no target`)
  return { target: found.data, port: portOf(found.data, reply), ttlSeconds: found.ttl ?? 0 }
}

/** Server behind an endpoint, as clients log it: the name alone stays the same when another server takes it over. */
export const serverAt = ({ name, port }: Pick<Endpoint, 'name' | 'port'>): string => `${name}:${port}`

/** The endpoint where it is served now, whichever server that is. */
export async function locate(endpoint: Endpoint, resolver: Pick<Resolver, 'port' | 'deadlineMs'>): Promise<Endpoint> {
  return at(endpoint, portOf(endpoint.name, await ask(resolver, endpoint.name)))
}

function at(endpoint: Endpoint, port: number | undefined): Endpoint {
  if (port === undefined) throw new Error(`nothing serves the endpoint '${endpoint.name}'`)
  return { ...endpoint, port }
}

function portOf(endpoint: string, { additionals }: DecodedPacket): number | undefined {
  const found = additionals?.find((record) => record.type === 'SRV' && record.name === serviceName(endpoint))
  return found?.type === 'SRV' ? found.data.port : undefined
}

async function ask({ port, deadlineMs }: Pick<Resolver, 'port' | 'deadlineMs'>, name: string): Promise<DecodedPacket> {
  const socket = createSocket('udp4')
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the name server did not answer within ${deadlineMs} ms`)),
        deadlineMs,
      )
      socket.once('error', reject)
      socket.once('message', (message) => {
        clearTimeout(timer)
        resolve(decode(message))
      })
      const query = encode({ type: 'query', id: 1, questions: [{ type: 'A', name }] })
      socket.send(query, port, '127.0.0.1')
    })
  } finally {
    socket.close()
  }
}

/**
 * The address book of a client: resolves the served name, remembers it for its TTL at most, and accepts only a target on
 * the list, since the certificate it will check against is the target's and not the served name's.
 */
export function addressBook(
  resolver: Resolver,
  allowed: readonly Endpoint[],
  nowMs: () => number,
): () => Promise<Endpoint> {
  let known: { endpoint: Endpoint; untilMs: number } | undefined
  return async () => {
    if (known && nowMs() < known.untilMs) return known.endpoint
    const { target, port, ttlSeconds } = await resolveServed(resolver)
    const permitted = allowed.find((candidate) => candidate.name === target)
    if (!permitted) throw new Error(`'${resolver.servedName}' points to '${target}', which is not an allowed endpoint`)
    const endpoint = at(permitted, port)
    known = { endpoint, untilMs: nowMs() + ttlSeconds * 1000 }
    return endpoint
  }
}
