import type { BackupStore } from '../../core/ports/backup-store'
import { PortError } from '../../core/ports/errors'

/** Backups in memory. */
export class MemoryBackups implements BackupStore {
  readonly files = new Map<string, Buffer>()

  async keep(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const chunks: Uint8Array[] = []
    for await (const chunk of bytes) chunks.push(chunk)
    if (this.files.has(name))
      throw new PortError('conflict', 'BACKUP_FILE_EXISTS', `'${name}' is there already; nothing is written over`)
    this.files.set(name, Buffer.concat(chunks))
  }

  async replace(name: string, text: string): Promise<void> {
    this.files.set(name, Buffer.from(text, 'utf8'))
  }

  async *read(name: string): AsyncIterable<Uint8Array> {
    const held = this.files.get(name)
    if (!held) throw new PortError('invalid', 'BACKUP_FILE_MISSING', `there is no '${name}'`)
    // In pieces that end in the middle of whatever they hold.
    for (let at = 0; at < held.length; at += PIECE) yield held.subarray(at, at + PIECE)
  }

  async *names(prefix: string): AsyncIterable<string> {
    yield* [...this.files.keys()].filter((name) => name.startsWith(prefix)).toSorted()
  }
}

const PIECE = 60_001
