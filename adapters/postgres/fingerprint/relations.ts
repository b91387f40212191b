import type { Client } from 'pg'
import type { RelationKind } from '../../../core/integrity/fingerprint'

/** What holds rows in a database, as a snapshot sees it. */
export interface Relation {
  readonly oid: string
  /** Schema and name, quoted where they have to be. */
  readonly name: string
  readonly kind: Exclude<RelationKind, 'large-objects'>
  readonly unlogged: boolean
  /** Whether its blocks can be read in ranges. */
  readonly divisible: boolean
  /** File of its rows: another one later means that they were rewritten, or truncated away. */
  readonly file: string
  readonly blocks: number
  /** With what is stored outside of the rows. */
  readonly bytes: number
  /** Columns of the key that tells every row. */
  readonly key?: readonly string[]
  /** What kind of key it is where one column holds nothing but a number or a UUID that says nothing of the row. */
  readonly surrogate?: 'integer' | 'uuid'
}

/** No schema of the server's own, and nothing that ends with a session. */
export const OUTSIDE_SERVER = `n.nspname <> 'information_schema' and n.nspname !~ '^pg_'`

/**
 * Tables and materialized views with rows of their own. A table of an extension counts only where the extension says that its
 * rows are the user's (pg_extension_config_dump): the others are made again with it, and in no dump.
 */
const RELATIONS = `
  select c.oid::text as oid, format('%I.%I', n.nspname, c.relname) as name,
    case c.relkind when 'm' then 'materialized-view' else 'table' end as kind,
    c.relpersistence = 'u' as unlogged, am.amname = 'heap' as divisible, c.relfilenode::text as file,
    coalesce(pg_relation_size(c.oid) / current_setting('block_size')::integer, 0)::float8 as blocks,
    coalesce(pg_table_size(c.oid), 0)::float8 as bytes,
    (
      select array_agg(a.attname::text order by k.at)
      from unnest(i.indkey) with ordinality k (attnum, at) join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
      where k.at <= i.indnkeyatts
    ) as key,
    (
      select case when a.atttypid = 'uuid'::regtype then 'uuid' when a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) then 'integer' end
      from pg_attribute a where i.indnkeyatts = 1 and a.attrelid = c.oid and a.attnum = i.indkey[0]
    ) as surrogate
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_am am on am.oid = c.relam
  left join lateral (
    -- The primary key, or else a unique index that misses no row and in which no column can be null.
    select i.indkey, i.indnkeyatts from pg_index i
    where i.indrelid = c.oid and i.indisvalid and i.indimmediate and (i.indisprimary or i.indisunique and i.indpred is null
      and i.indexprs is null and not exists (select from unnest(i.indkey) k (attnum)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum where not a.attnotnull))
    order by i.indisprimary desc, i.indnkeyatts, i.indexrelid limit 1
  ) i on true
  where c.relkind in ('r', 'm') and c.relpersistence <> 't' and ${OUTSIDE_SERVER} and (c.relkind = 'r' or c.relispopulated)
    and not exists (
      select from pg_depend d join pg_extension e on e.oid = d.refobjid
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e' and c.oid <> all (coalesce(e.extconfig, '{}'))
    )
    and ($1::regclass[] is null or c.oid in (
      select named from unnest($1::regclass[]) named union all select relid from unnest($1::regclass[]) named, pg_partition_tree(named)
    ))
  order by 2`

/** As the server gives it: null for what is not there. */
type Optional<T, Keys extends keyof T> = Omit<T, Keys> & { [Key in Keys]: T[Key] | null }

/** Every relation, or the named ones with their partitions. A name that is no relation is an error of the server. */
export async function relationsIn(client: Client, names?: readonly string[]): Promise<Relation[]> {
  const { rows } = await client.query<Optional<Relation, 'key' | 'surrogate'>>(RELATIONS, [names ?? null])
  return rows.map(({ key, surrogate, ...relation }) => ({
    ...relation,
    ...(key && { key }),
    ...(surrogate && { surrogate }),
  }))
}

/** Which of the files are not any more what the snapshot saw; asked of the server's present, not of the snapshot. */
export async function rewrittenSince(client: Client, relations: readonly Relation[]): Promise<Set<string>> {
  const { rows } = await client.query<{ oid: string }>(
    `select known.oid::text as oid from unnest($1::oid[], $2::oid[]) known (oid, file)
     where pg_relation_filenode(known.oid) is distinct from known.file`,
    [relations.map(({ oid }) => oid), relations.map(({ file }) => file)],
  )
  return new Set(rows.map(({ oid }) => oid))
}
