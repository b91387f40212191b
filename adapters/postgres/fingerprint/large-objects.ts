import type { Client } from 'pg'
import type { Content } from '../../../core/integrity/fingerprint'
import { contentBy } from './content'
import { contentOf, hashedRows } from './record'

/** Name under which large objects are listed among the tables. */
export const LARGE_OBJECTS = 'pg_catalog.pg_largeobject'

const PART = {
  hashed: [
    { made: 'part.loid', by: 'hashoidextended' },
    { made: 'part.at', by: 'hashint4extended' },
    { made: 'part.data' },
    { made: 'int8send(part.length)' },
  ],
} as const

/**
 * Each large object as its pages without the zeros at the end, and its length: a dump fills the holes that a program left, so
 * that a page of zeros and a missing one are the same. Pages are small, so that memory is bounded whatever an object's size.
 */
const CONTENT = `
  select ${contentOf(PART)} from ${hashedRows(
    PART,
    `(
    select loid, pageno as at, rtrim(data, '\\x00'::bytea) as data, null::bigint as length from pg_largeobject
      where rtrim(data, '\\x00'::bytea) <> ''
    union all
    select m.oid, null, null, (
      select p.pageno::bigint * current_setting('block_size')::bigint / 4 + octet_length(p.data)
      from pg_largeobject p where p.loid = m.oid order by p.pageno desc limit 1
    ) from pg_largeobject_metadata m
  ) part`,
  )}`

/** How many there are, and whether the role may read them: only a superuser may, or whom one let. */
export async function largeObjects(client: Client): Promise<{ count: number; readable: boolean }> {
  const { rows } = await client.query<{ count: number; readable: boolean }>(
    `select (select count(*) from pg_largeobject_metadata)::float8 as count,
       has_table_privilege('pg_largeobject', 'select') as readable`,
  )
  return rows[0]!
}

export const hashLargeObjects = (client: Client): Promise<Content> => contentBy(client, CONTENT)
