import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LocalWorld } from '../adapters/local/world'
import { withSession } from '../adapters/postgres/connect'
import { FENCE_ROLE } from '../adapters/postgres/guard-schema'
import { SUPERUSER } from '../adapters/local/world-plan'

const RELOAD_MS = 10_000
// The last octets of loopback matter to nobody: only processes of this machine come from it.
const RULE = `hostssl all ${FENCE_ROLE} 127.0.0.1/32 trust\n`

/**
 * Lets the fence role into the replica with any token while `work` runs. RDS has IAM judge a token, and no emulator does;
 * the token is still made and sent, over the verified TLS of the database.
 */
export async function acceptingTokens<T>(
  { folder, plan, replica, endpointOf }: LocalWorld,
  work: () => Promise<T>,
): Promise<T> {
  const path = join(folder, plan.regions.recovery, replica.instance, 'pg_hba.conf')
  const rules = await readFile(path, 'utf8')
  const apply = async (text: string) => {
    await writeFile(path, text)
    await withSession(endpointOf(replica), plan.login(SUPERUSER), RELOAD_MS, (client) =>
      client.query('select pg_reload_conf()'),
    )
  }
  await apply(RULE + rules)
  try {
    return await work()
  } finally {
    await apply(rules)
  }
}
