import { createSocket } from 'node:dgram'
import { decode, encode } from 'dns-packet'
import type { Endpoint } from '../postgres/connect'

/** How to ask the name server of a world. */
export interface Resolver {
  readonly port: number
  readonly servedName: string
  readonly deadlineMs: number
}

/** Endpoint name the served name points to now, and for how long that may be remembered. One question, no cache. */
export async function resolveServed(resolver: Resolver): Promise<{ target: string; ttlSeconds: number }> {
  const socket = createSocket('udp4')
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the name server did not answer within ${resolver.deadlineMs} ms`)),
        resolver.deadlineMs,
      )
      socket.once('error', reject)
      socket.once('message', (message) => {
        clearTimeout(timer)
        const found = decode(message).answers?.find(
          (answer) => answer.type === 'CNAME' && answer.name === resolver.servedName,
        )
        if (found?.type === 'CNAME') resolve({ target: found.data, ttlSeconds: found.ttl ?? 0 })
        else reject(new Error(`the name '${resolver.servedName}' has no target`))
      })
      const query = encode({ type: 'query', id: 1, questions: [{ type: 'A', name: resolver.servedName }] })
      socket.send(query, resolver.port, '127.0.0.1')
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
    const { target, ttlSeconds } = await resolveServed(resolver)
    const endpoint = allowed.find((candidate) => candidate.name === target)
    if (!endpoint) throw new Error(`'${resolver.servedName}' points to '${target}', which is not an allowed endpoint`)
    known = { endpoint, untilMs: nowMs() + ttlSeconds * 1000 }
    return endpoint
  }
}
