import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { missingSegments } from '../../core/backup/log-segments'
import { PortError } from '../../core/ports/errors'

/**
 * What is missing of a base backup and its archived log, once a server would not start from them; undefined where both seem
 * whole. Asked only then: a gap behind the wanted moment hinders nothing.
 */
export async function whyUnrestorable(backup: string, archive: string): Promise<PortError | undefined> {
  const label = await readFile(join(backup, 'backup_label'), 'utf8').catch(() => '')
  const first = /\(file ([0-9A-F]{24})\)/.exec(label)?.[1]
  if (first === undefined)
    return new PortError('conflict', 'BACKUP_LABEL_MISSING', 'the base backup does not say where its log begins')
  const missing = missingSegments(await readdir(archive), first)
  if (missing === 0) return undefined
  return new PortError('conflict', 'LOG_HAS_A_GAP', `${missing} segments of the log are missing after '${first}'`)
}
