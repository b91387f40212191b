import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'

export interface Alteration {
  readonly table: string
  readonly was: string
  readonly becomes: string
}

/**
 * Changes bytes in the first page of a table's file on one server alone; what it returns puts them back. With its checksum no
 * server notices; without it, whoever reads the page from the disk does. Needs pageinspect and pg_buffercache.
 */
export async function alterPage(
  server: Client,
  { table, was, becomes }: Alteration,
  checksum: 'made-anew' | 'left' = 'made-anew',
): Promise<() => Promise<void>> {
  const { rows } = await server.query<{ page: Buffer; path: string; data: string }>(
    `select get_raw_page($1, 0) as page, pg_relation_filepath($1::regclass) as path, current_setting('data_directory') as data`,
    [table],
  )
  const { page, path, data } = rows[0]!
  const altered = Buffer.from(page)
  expect(altered.indexOf(was)).toBeGreaterThan(0)
  altered.write(becomes, altered.indexOf(was))
  const put = async (content: Buffer, keepsChecksum: boolean) => {
    if (!keepsChecksum) {
      const { rows: sums } = await server.query<{ sum: number }>('select page_checksum($1::bytea, 0) as sum', [content])
      content.writeInt16LE(sums[0]!.sum, 8)
    }
    // What is cached is written out first, and read again afterwards.
    const evict = () => server.query('select pg_buffercache_evict_relation($1::regclass)', [table])
    await evict()
    const file = await open(join(data, path), 'r+')
    await file.write(content, 0, content.length, 0)
    await file.close()
    await evict()
  }
  await put(altered, checksum === 'left')
  return () => put(page, false)
}
