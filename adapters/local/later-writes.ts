import { createHash, type Hash } from 'node:crypto'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Client } from 'pg'
import type { InstanceRef } from '../../core/ports/database'
import type { CountedRows, LaterWrites } from '../../core/ports/later-writes'
import { deletedIds } from '../postgres/deleted-rows'
import { laterIds, untold } from '../postgres/later-writes'

/** Lists later writes into a file of `folder`, a line for each row; rows that were deleted say so. */
export const localLaterWrites = (
  folder: string,
  tables: readonly string[],
  session: <T>(ref: InstanceRef, work: (client: Client) => Promise<T>) => Promise<T>,
): LaterWrites => ({
  list: (source, { key, since, recovered }) =>
    session(source, async (old) => {
      const code = await untold(old, since)
      if (code) return { kind: 'inconclusive', code }
      const name = `${basename(dirname(key))}-later-writes.jsonl`
      await mkdir(folder, { recursive: true })
      const list = await List.create(join(folder, name))
      try {
        const written = await list.count(tables, (table) => laterIds(old, table, since))
        const deleted = await session(recovered, (copy) =>
          list.count(tables, (table) => deletedIds(old, copy, table), { deleted: true }),
        )
        return { kind: 'listed', tables: written, deleted, artefact: { name, sha256: list.sha256() } }
      } finally {
        await list.close()
      }
    }),
})

/** A file of rows, a line of JSON each, hashed while it is written. */
class List {
  private readonly hash: Hash = createHash('sha256')

  private constructor(private readonly file: FileHandle) {}

  static async create(path: string): Promise<List> {
    return new List(await open(path, 'w', 0o600))
  }

  /** Appends the rows of each table, with what is said of all of them, and counts them by table. */
  async count(
    tables: readonly string[],
    idsOf: (table: string) => AsyncIterable<readonly string[]>,
    said: object = {},
  ): Promise<CountedRows[]> {
    const counted: CountedRows[] = []
    for (const table of tables) {
      let rows = 0
      for await (const ids of idsOf(table)) {
        const text = ids.map((id) => `${JSON.stringify({ table, id, ...said })}\n`).join('')
        this.hash.update(text)
        await this.file.appendFile(text)
        rows += ids.length
      }
      if (rows > 0) counted.push({ table, rows })
    }
    return counted
  }

  sha256(): string {
    return this.hash.digest('hex')
  }

  close(): Promise<void> {
    return this.file.close()
  }
}
