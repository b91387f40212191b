import { basename, dirname } from 'node:path'
import { FolderBackups } from '../adapters/local/folder-backups'
import { KeyWrapping } from '../adapters/local/key-wrapping'
import { backupOf, manifestOf } from '../core/backup/names'
import type { BackupStore } from '../core/ports/backup-store'
import type { KeyHolder } from '../core/ports/data-keys'
import { UserError } from '../core/user-error'
import { refused } from './operator'

/** Longest wait for the answer to one part of a stream. */
const PART_MS = 120_000

/** A folder, or `s3://bucket/prefix`. */
export async function backupStore(place: string): Promise<BackupStore> {
  if (!place.startsWith('s3://')) return new FolderBackups(place)
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]*)\/?(.*?)\/?$/.exec(place) ?? []
  if (bucket === '')
    throw new UserError(
      'BACKUP_PLACE',
      `'${place}' names no bucket`,
      'write it as s3://bucket/prefix, or name a folder',
    )
  const { s3BackupsIn } = await import('../adapters/aws/s3-backups')
  return s3BackupsIn(process.env, { bucket, prefix: prefix === '' ? '' : `${prefix}/` }, PART_MS)
}

/** Place and name of one backup, written as one path. */
export async function backupAt(path: string): Promise<{ readonly store: BackupStore; readonly name: string }> {
  const name = basename(path)
  if (backupOf(manifestOf(name)) === undefined)
    throw new UserError(
      'BACKUP_PATH',
      `'${path}' ends with no name of a backup`,
      "write it as place/name, with a name that 'recovery backup list --in <place>' prints",
    )
  return { store: await backupStore(path.startsWith('s3://') ? path.slice(0, -name.length) : dirname(path)), name }
}

/** The holder that is named by the file of a key, or by the ARN of a key of KMS. */
export const keyHolder = (key: string): Promise<KeyHolder> =>
  refused(async () => {
    if (!key.startsWith('arn:')) return KeyWrapping.openExisting(key)
    const { kmsKeysOf } = await import('../adapters/aws/kms-data-keys')
    return kmsKeysOf(process.env, key)
  })
