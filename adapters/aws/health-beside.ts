import type { Policy } from '../../core/policy'
import type { InstanceRef } from '../../core/ports/database'
import type { DatabaseSeen } from '../../core/ports/health-probes'
import { seeDatabase } from '../postgres/health'
import type { Sessions } from './own-database'

/** Three sessions one after the other have to end before the function does. */
const SESSION_MS = 12_000

/** What a database of the function's region tells; a receiver is judged over the same window as the probes judge a page. */
export const lookBeside = (
  databases: Sessions,
  instance: InstanceRef,
  { probeEverySeconds, consecutiveFailures }: Policy['pace']['detection'],
): Promise<DatabaseSeen> =>
  seeDatabase((work) => databases.session(instance, SESSION_MS, work), probeEverySeconds * consecutiveFailures * 1000)
