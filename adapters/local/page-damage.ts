import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'

const PAGE_BYTES = 8192
const DAMAGED_BYTES = 64

/**
 * Changes bytes of a table's first page on disk, behind the server's back, as a failing disk does. Written pages are
 * flushed first and the cached ones dropped, so that nothing heals the page and the next reader meets it.
 */
export async function damagePage(client: Client, data: string, table: string): Promise<void> {
  await client.query('create extension if not exists pg_buffercache')
  await client.query('checkpoint')
  const { rows } = await client.query<{ path: string }>('select pg_relation_filepath($1::regclass) as path', [table])
  const file = await open(join(data, rows[0]!.path), 'r+')
  try {
    const bytes = Buffer.alloc(DAMAGED_BYTES)
    const at = PAGE_BYTES / 2
    await file.read(bytes, 0, DAMAGED_BYTES, at)
    for (const [index, byte] of bytes.entries()) bytes[index] = byte ^ 0xff
    await file.write(bytes, 0, DAMAGED_BYTES, at)
    await file.sync()
  } finally {
    await file.close()
  }
  await client.query('select pg_buffercache_evict_relation($1::regclass)', [table])
}
