import { Resolver } from 'node:dns/promises'
import { PortError } from '../../core/ports/errors'
import type { NameSeen } from '../../core/ports/health-probes'

/** No such name, or one that leads nowhere. */
const NO_ANSWER = new Set(['ENOTFOUND', 'ENODATA'])

/**
 * Asks where a name leads. `servers` are asked instead of those of the machine. A resolver tells of an alias no more than its
 * target, so that how long it may be remembered stays unknown.
 */
export async function askName(
  name: string,
  deadlineMs: number,
  servers?: readonly string[],
): Promise<NameSeen | undefined> {
  const resolver = new Resolver({ timeout: deadlineMs, tries: 1 })
  if (servers) resolver.setServers(servers)
  try {
    const [target] = await resolver.resolveCname(name)
    return target === undefined ? undefined : { target }
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (typeof code === 'string' && NO_ANSWER.has(code)) return undefined
    throw new PortError('unreachable', 'NO_RESOLVER', `nobody told where '${name}' leads`, { cause: error })
  }
}
