import { createHash } from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Client } from 'pg'
import type { InstanceRef } from '../../core/ports/database'
import type { LaterWrites } from '../../core/ports/later-writes'
import { laterIds, untold } from '../postgres/later-writes'

/** Lists later writes into a file of `folder`, a line for each row. */
export const localLaterWrites = (
  folder: string,
  tables: readonly string[],
  session: <T>(ref: InstanceRef, work: (client: Client) => Promise<T>) => Promise<T>,
): LaterWrites => ({
  list: (source, { key, since }) =>
    session(source, async (client) => {
      const code = await untold(client, since)
      if (code) return { kind: 'inconclusive', code }
      const name = `${basename(dirname(key))}-later-writes.jsonl`
      await mkdir(folder, { recursive: true })
      const file = await open(join(folder, name), 'w', 0o600)
      const hash = createHash('sha256')
      const counted: { table: string; rows: number }[] = []
      try {
        for (const table of tables) {
          let rows = 0
          for await (const ids of laterIds(client, table, since)) {
            const text = ids.map((id) => `${JSON.stringify({ table, id })}\n`).join('')
            hash.update(text)
            await file.appendFile(text)
            rows += ids.length
          }
          if (rows > 0) counted.push({ table, rows })
        }
      } finally {
        await file.close()
      }
      return { kind: 'listed', tables: counted, artefact: { name, sha256: hash.digest('hex') } }
    }),
})
