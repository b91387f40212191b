import type { DataClass } from '../../core/ports/archive-disposal'
import type { DumpArchive } from '../../core/ports/logical-dump'

/** An archive in memory that takes whole streams. */
export class MemoryDumpArchive implements DumpArchive {
  /** Bytes or text by `class/key`. */
  readonly kept = new Map<string, Uint8Array | string>()
  /** What happens while a stream is being taken. */
  onKeep: () => Promise<void> = async () => undefined

  async holds(dataClass: DataClass, key: string): Promise<boolean> {
    return this.kept.has(`${dataClass}/${key}`)
  }

  async write(dataClass: DataClass, key: string, text: string): Promise<void> {
    if (!this.kept.has(`${dataClass}/${key}`)) this.kept.set(`${dataClass}/${key}`, text)
  }

  async keep(dataClass: DataClass, key: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    await this.onKeep()
    const chunks: Uint8Array[] = []
    for await (const chunk of bytes) chunks.push(chunk)
    this.kept.set(`${dataClass}/${key}`, Buffer.concat(chunks))
  }

  bytes(dataClass: DataClass, key: string): Uint8Array {
    return Buffer.from(this.kept.get(`${dataClass}/${key}`) ?? '')
  }

  text(dataClass: DataClass, key: string): string {
    return Buffer.from(this.bytes(dataClass, key)).toString('utf8')
  }
}
