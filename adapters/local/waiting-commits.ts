import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'

/** A session with a server, and one more with each of its standbys that commits are to wait for. */
export interface Synchronous {
  readonly writer: Client
  readonly watcher: Client
  readonly standby: Client
}

/**
 * Resolves once a commit has really been seen to wait for the standby. What a session reads of the setting says only that this
 * session has read it: whether commits wait is told to all of them by the checkpointer (SyncRepUpdateSyncStandbysDefined),
 * which reads the setting when it comes to it, on a busy machine seconds later. A write acknowledged until then could be lost.
 * The standby's replay is held meanwhile, and the commit asks for it; other sessions wait for its disk as ever.
 */
export async function untilCommitsWait({ writer, watcher, standby }: Synchronous): Promise<void> {
  await standby.query('select pg_wal_replay_pause()')
  try {
    const isPaused = async () =>
      (await standby.query(`select where pg_get_wal_replay_pause_state() = 'paused'`)).rowCount === 1
    while (!(await isPaused())) await sleep(20)
    const { rows } = await writer.query<{ pid: number }>('select pg_backend_pid() as pid')
    await writer.query('set synchronous_commit = remote_apply')
    while (!(await waits(writer, watcher, rows[0]!.pid))) await sleep(20)
  } finally {
    await standby.query('select pg_wal_replay_resume()')
  }
  await writer.query('reset synchronous_commit')
}

/** Whether the next commit of the session is seen waiting; it goes on once the replay does. */
async function waits(writer: Client, watcher: Client, pid: number): Promise<boolean> {
  let isOver = false
  const commit = writer
    .query(`select pg_logical_emit_message(true, 'recovery', 'is this waited for')`)
    .finally(() => (isOver = true))
  commit.catch(() => undefined)
  for (;;) {
    const seen = await watcher.query(`select from pg_stat_activity where pid = $1 and wait_event = 'SyncRep'`, [pid])
    if (seen.rowCount === 1) return true
    if (isOver) {
      await commit
      return false
    }
    await sleep(20)
  }
}
