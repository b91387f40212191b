import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { connect, destroy, type Endpoint, type Login } from '../postgres/connect'
import { run, writeOwned } from './owned-files'
import { ownedFolder, type DatabaseUser } from './scratch'

/** A running server whose files can be read. */
export interface CopyOrigin {
  readonly endpoint: Endpoint
  readonly data: string
}

/**
 * Copies a running server's files into `target` between start and stop of an online backup. What is there then is a base
 * backup: it becomes consistent once the log from its start to its end is replayed, by streaming or from the archive.
 */
export async function copyOnline(
  origin: CopyOrigin,
  target: string,
  label: string,
  superuser: Login,
  user: DatabaseUser,
): Promise<void> {
  const session = await connect(origin.endpoint, superuser, 5000)
  try {
    await session.query(`select pg_backup_start($1, true)`, [label])
    await ownedFolder(target, user)
    // Not the log: the server renames its segments while they are copied, and the copy streams its own.
    const copied = (await readdir(origin.data)).filter((entry) => !NOT_COPIED.has(entry))
    await copyFiles(origin.data, copied, target, user)
    for (const folder of ['pg_wal', 'pg_wal/archive_status', 'pg_wal/summaries'])
      await ownedFolder(join(target, folder), user)
    // No wait for the archive, which costs a second: the copy streams what the archive does not hold yet.
    const { rows } = await session.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
    for (const slot of await readdir(join(target, 'pg_replslot')))
      await rm(join(target, 'pg_replslot', slot), { recursive: true })
    await writeOwned(join(target, 'backup_label'), rows[0]!.labelfile, user)
  } finally {
    destroy(session)
  }
}

/** Copies entries of one folder into another, with what the database needs of their rights. */
export const copyFiles = (
  from: string,
  entries: readonly string[],
  target: string,
  user: DatabaseUser,
): Promise<void> =>
  run({ program: 'cp', args: ['-a', ...entries.map((entry) => join(from, entry)), target], folder: target, user })

/** What of a running server's data folder belongs to that server alone. */
const NOT_COPIED = new Set(['pg_wal', 'postmaster.pid', 'postmaster.opts'])
