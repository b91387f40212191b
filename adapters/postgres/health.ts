import type { Client } from 'pg'
import { isPortError } from '../../core/ports/errors'
import type { DatabaseSeen } from '../../core/ports/health-probes'
import { readHeartbeat } from './heartbeat'
import { receiverVerdict } from './replication-receiver'

/** The one row of ours that looks write to, again and again. */
const PROOF = 'health-check'

type Session = <T>(work: (client: Client) => Promise<T>) => Promise<T>

/**
 * What a database tells a session of the fence role, and whether a row is committed by it and read back by a second one. One that
 * takes no session was seen too; that we may not look was not.
 */
export async function seeDatabase(session: Session, silentAfterMs: number): Promise<DatabaseSeen> {
  const seen = await orCode(() =>
    session(async (client) => ({
      receives: await receiverVerdict(client, silentAfterMs),
      replica: (await client.query<{ r: boolean }>('select pg_is_in_recovery() as r')).rows[0]!.r,
      heartbeatAt: (await readHeartbeat(client))?.at,
    })),
  )
  if (typeof seen === 'string') return { reads: false, code: seen }
  const { replica, receives, heartbeatAt } = seen
  return {
    reads: true,
    replica,
    ...(heartbeatAt !== undefined && { heartbeatAt }),
    ...(replica ? { receives } : { writes: (await orCode(() => isKept(session))) === true }),
  }
}

async function isKept(session: Session): Promise<boolean> {
  const written = await session(async (client) => {
    const { rows } = await client.query<{ at: string }>(
      `insert into recovery_guard.proof (key) values ($1)
         on conflict (key) do update set written_at = clock_timestamp() returning written_at::text as at`,
      [PROOF],
    )
    return rows[0]!.at
  })
  return session(async (client) => {
    const { rowCount } = await client.query(
      'select from recovery_guard.proof where key = $1 and written_at >= $2::timestamptz',
      [PROOF, written],
    )
    return rowCount === 1
  })
}

/** The code of a database that does not do what it is asked. Throws where the fault is not the database's. */
async function orCode<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work()
  } catch (error) {
    if (!isPortError(error) || error.failure === 'denied' || error.failure === 'invalid') throw error
    return error.code
  }
}
