import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import type { InstanceRef } from '../../core/ports/database'
import type { LaterWrites } from '../../core/ports/later-writes'
import { untold } from '../postgres/commit-times'
import { laterListName, listLater } from '../postgres/later-writes'

/** Lists later writes into a file of `folder`, a line for each row; rows that were deleted say so. */
export const localLaterWrites = (
  folder: string,
  tables: readonly string[],
  session: <T>(ref: InstanceRef, work: (client: Client) => Promise<T>) => Promise<T>,
): LaterWrites => ({
  list: (source, { key, since, recovered, reachBackSeconds }) =>
    session(source, async (old) => {
      const code = await untold(old, since)
      if (code) return { kind: 'inconclusive', code }
      const name = laterListName(key)
      await mkdir(folder, { recursive: true })
      const { sha256, ...counts } = await session(recovered, (copy) =>
        listLater(old, copy, tables, { since, reachBackSeconds }, (text) =>
          writeFile(join(folder, name), text, { mode: 0o600 }),
        ),
      )
      return { kind: 'listed', ...counts, artefact: { name, sha256 } }
    }),
})
