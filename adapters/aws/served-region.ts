import { Resolver } from 'node:dns/promises'
import { PortError } from '../../core/ports/errors'

/** How a name is resolved; the seam for tests. */
export interface NameLookup {
  /** Targets of the name's CNAME record, from a server of the zone itself. */
  cname(name: string): Promise<readonly string[]>
}

const DNS_MS = 3_000

/**
 * Asks the zone's own name servers, so that no cache on the way can answer with what was true a TTL ago.
 * Throws PortError('unreachable') where none of them answers.
 */
export function authoritativeLookup(zone: string): NameLookup {
  return {
    cname: async (name) => {
      try {
        const ordinary = new Resolver({ timeout: DNS_MS, tries: 2 })
        const servers = await ordinary.resolveNs(zone)
        const addresses = await Promise.allSettled(servers.map((server) => ordinary.resolve4(server)))
        const authoritative = new Resolver({ timeout: DNS_MS, tries: 2 })
        authoritative.setServers(addresses.flatMap((found) => (found.status === 'fulfilled' ? found.value : [])))
        return await authoritative.resolveCname(name)
      } catch (error) {
        const { code } = error as { code?: string }
        if (code === 'ENODATA' || code === 'ENOTFOUND') return []
        throw new PortError('unreachable', code ?? 'DNS_FAILED', `'${name}' could not be resolved`, { cause: error })
      }
    },
  }
}

/** Region of the RDS endpoint behind the served name; undefined where it points to nothing we know. */
export async function servedRegion(lookup: NameLookup, name: string): Promise<{ region: string } | undefined> {
  for (const target of await lookup.cname(name)) {
    const [, region] = /\.([a-z]{2}(?:-[a-z]+)+-\d)\.rds\.amazonaws\.com\.?$/i.exec(target) ?? []
    if (region) return { region }
  }
  return undefined
}
