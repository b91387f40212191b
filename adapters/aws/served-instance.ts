import { Resolver } from 'node:dns/promises'
import { PortError } from '../../core/ports/errors'

/** How a name is resolved; the seam for tests. */
export interface NameLookup {
  /** Targets of the name's CNAME record, from a server of the zone itself. */
  cname(name: string): Promise<readonly string[]>
  /** Addresses behind a name, as anybody is told them; none where there is no such name. */
  addresses(name: string): Promise<readonly string[]>
}

const DNS_MS = 3_000

/**
 * Asks the zone's own name servers, so that no cache on the way can answer with what was true a TTL ago.
 * Throws PortError('unreachable') where none of them answers.
 */
export function authoritativeLookup(zone: string): NameLookup {
  return {
    cname: (name) =>
      found(name, async () => {
        const resolver = ordinary()
        const servers = await resolver.resolveNs(zone)
        const addresses = await Promise.allSettled(servers.map((server) => resolver.resolve4(server)))
        const authoritative = ordinary()
        authoritative.setServers(addresses.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : [])))
        return authoritative.resolveCname(name)
      }),
    addresses: (name) => found(name, () => ordinary().resolve4(name)),
  }
}

const ordinary = () => new Resolver({ timeout: DNS_MS, tries: 2 })

async function found(name: string, resolve: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await resolve()
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENODATA' || code === 'ENOTFOUND') return []
    throw new PortError('unreachable', code ?? 'DNS_FAILED', `'${name}' could not be resolved`, { cause: error })
  }
}

/**
 * The database of the RDS endpoint behind the served name; undefined where it points to nothing we know. The endpoint of the
 * `next` instance was derived before there was one, so that it counts only where it leads to an address.
 */
export async function servedInstance(
  lookup: NameLookup,
  name: string,
  next: string,
): Promise<{ readonly region: string; readonly instance: string } | undefined> {
  for (const target of await lookup.cname(name)) {
    const [, instance, region] = RDS_ENDPOINT.exec(target.toLowerCase()) ?? []
    if (!instance || !region) continue
    if (instance === next && (await lookup.addresses(target)).length === 0) return undefined
    return { region, instance }
  }
  return undefined
}

const RDS_ENDPOINT = /^([a-z][a-z0-9-]*)\.[a-z0-9]+\.([a-z]{2}(?:-[a-z]+)+-\d)\.rds\.amazonaws\.com\.?$/
