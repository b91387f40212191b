import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'

const LOOK_EVERY_MS = 50
/** Looks before the log is switched again. */
const LOOKS = 20

/**
 * Waits until everything that was committed before the moment that is returned is in the archive, and ends segments of the log
 * for it. Several may do it at a time: where another one has just ended a segment, the next one is empty, is not switched, and
 * would not be full for minutes; so a commit comes before each switch, and a switch that came too early is repeated.
 */
export async function shipLog(client: Client): Promise<Date> {
  // A moment is found by the first commit at or after it, so that there has to be one.
  const commit = () => client.query('select pg_current_xact_id()')
  await commit()
  const { rows } = await client.query<{ at: Date; file: string }>(
    'select clock_timestamp() as at, pg_walfile_name(pg_current_wal_insert_lsn()) as file',
  )
  const { at, file } = rows[0]!
  const shipped = async () =>
    (await client.query('select from pg_stat_archiver where last_archived_wal >= $1', [file])).rowCount === 1
  for (;;) {
    await commit()
    await client.query('select pg_switch_wal()')
    for (let look = 0; look < LOOKS; look += 1) {
      if (await shipped()) return at
      await sleep(LOOK_EVERY_MS)
    }
  }
}
