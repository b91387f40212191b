import { copyFile, cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'

/** What belongs to the running server alone; its log is taken afterwards, from where the copy begins. */
const NOT_COPIED = ['pg_wal', 'postmaster.pid', 'postmaster.opts']

/** Names of the first and the last segment of the log that a copy needs. */
export interface CopiedLog {
  readonly first: string
  readonly last: string
}

/**
 * Copies a running server into `target`: its files between start and stop of an online backup, the write-ahead log that makes
 * them consistent, and the server's own log, in which the attacker's connections stand. The session's role is a superuser.
 */
export async function copyServer(client: Client, target: string): Promise<CopiedLog> {
  const { rows } = await client.query<{ data: string; first: string }>(
    `select current_setting('data_directory') as data, pg_walfile_name(pg_backup_start('forensic', true)) as first`,
  )
  const { data, first } = rows[0]!
  const files = join(target, 'data')
  await mkdir(files)
  for (const entry of await readdir(data))
    if (!NOT_COPIED.includes(entry)) await cp(join(data, entry), join(files, entry), { recursive: true })
  const stopped = await client.query<{ label: string; last: string }>(
    // Of the log only what is written already is needed: the archive is not waited for.
    `select labelfile as label, pg_walfile_name(lsn) as last from pg_backup_stop(false)`,
  )
  const { label, last } = stopped.rows[0]!
  await writeFile(join(files, 'backup_label'), label)
  await mkdir(join(files, 'pg_wal'))
  for (const segment of await readdir(join(data, 'pg_wal')))
    if (/^[0-9A-F]{24}$/.test(segment) && segment >= first && segment <= last)
      await copyFile(join(data, 'pg_wal', segment), join(files, 'pg_wal', segment))
  await copyFile(`${data}.log`, join(target, 'server.log'))
  return { first, last }
}
