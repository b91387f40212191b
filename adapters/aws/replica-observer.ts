import type { Policy } from '../../core/policy'
import type { Clock } from '../../core/ports/clock'
import type { InstanceRef } from '../../core/ports/database'
import { isPortError } from '../../core/ports/errors'
import { readHeartbeat } from '../postgres/heartbeat'
import { receiverVerdict } from '../postgres/replication-receiver'
import type { Sessions } from './own-database'
import type { Observation } from './wire'

const SESSION_MS = 15_000

/**
 * Whether the replica still hears from the primary, judged over the same window as the probes. The guard of the primary
 * region writes at every renewal, so that an idle database is never silent. A replica that cannot be asked is unknown.
 */
export async function observeReceiver(
  database: Sessions,
  replica: InstanceRef,
  pace: Policy['pace']['detection'],
  clock: Clock,
): Promise<Observation> {
  const observedAt = clock.now().toISOString()
  const silentAfterMs = pace.probeEverySeconds * pace.consecutiveFailures * 1000
  try {
    return await database.session(replica, SESSION_MS, async (client) => {
      const verdict = await receiverVerdict(client, silentAfterMs)
      const heartbeat = await readHeartbeat(client)
      return { verdict, observedAt, ...(heartbeat && { heartbeatAt: heartbeat.at }) }
    })
  } catch (error) {
    if (isPortError(error) && error.failure !== 'invalid') return { verdict: 'unknown', observedAt }
    throw error
  }
}
