import type { Client } from 'pg'
import type { RelationKind } from '../../../core/integrity/fingerprint'
import type { SizedTable } from '../../../core/integrity/plan'
import { sqlState } from '../connect'

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
  /** Columns of the key that tells every row. */
  readonly key?: readonly string[]
  /** Their types, in the same order; empty where there is no key. */
  readonly keyTypes: readonly string[]
  /** What kind of key it is where it says nothing of the row: a number or a UUID that was given out, or its place in the file. */
  readonly surrogate?: 'integer' | 'uuid' | 'place'
  /** As in `TableFingerprint`: the highest table above it that deals by a hash of an enumeration. */
  readonly dealtBy?: string
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
    (
      select array_agg(a.attname::text order by k.at)
      from unnest(i.indkey) with ordinality k (attnum, at) join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
      where k.at <= i.indnkeyatts
    ) as key,
    array(
      select format_type(a.atttypid, a.atttypmod)
      from unnest(i.indkey) with ordinality k (attnum, at) join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
      where k.at <= i.indnkeyatts order by k.at
    ) as "keyTypes",
    (
      select case when a.atttypid = 'uuid'::regtype then 'uuid' when a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) then 'integer' end
      from pg_attribute a where i.indnkeyatts = 1 and a.attrelid = c.oid and a.attnum = i.indkey[0]
    ) as surrogate,
    (
      -- As pg_dump asks whose rows it has to give to the whole table and not to a partition (getPartitioningInfo in pg_dump.c).
      select format('%I.%I', above.nspname, whole.relname)
      from pg_partition_ancestors(c.oid) with ordinality ancestor (oid, at)
      join pg_partitioned_table p on p.partrelid = ancestor.oid and p.partstrat = 'h'
      join pg_class whole on whole.oid = p.partrelid join pg_namespace above on above.oid = whole.relnamespace
      where c.relispartition and exists (select from pg_opclass o where o.oid = any (p.partclass) and o.opcintype = 'anyenum'::regtype)
      order by ancestor.at desc limit 1
    ) as "dealtBy"
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
  const { rows } = await client.query<Optional<Relation, 'key' | 'surrogate' | 'dealtBy'>>(RELATIONS, [names ?? null])
  return rows.map(({ key, surrogate, dealtBy, ...relation }) => ({
    ...relation,
    ...(key && { key }),
    ...(surrogate && { surrogate }),
    ...(dealtBy !== null && { dealtBy }),
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

/** How large a relation is. */
export interface RelationSize {
  readonly blocks: number
  /** With what is stored outside of the rows. */
  readonly bytes: number
}

const MEASURED = `select oid::text as oid, coalesce(pg_relation_size(oid) / current_setting('block_size')::integer, 0)::float8 as blocks,
  coalesce(pg_table_size(oid), 0)::float8 as bytes from unnest($1::oid[]) oid`
const REMEMBERED = `select c.oid::text as oid, greatest(c.relpages, 0)::float8 as blocks,
  (greatest(c.relpages, 0)::float8 + greatest(coalesce(toast.relpages, 0), 0)) * current_setting('block_size')::integer as bytes
  from pg_class c left join pg_class toast on toast.oid = c.reltoastrelid where c.oid = any ($1::oid[])`

/** Sizes by OID. To measure takes a lock of a reader: where somebody holds a table, as the last VACUUM or ANALYZE left them. */
export async function relationSizes(
  client: Client,
  relations: readonly Relation[],
): Promise<Map<string, RelationSize>> {
  const oids = relations.map(({ oid }) => oid)
  const sized = async (query: string) => {
    const { rows } = await client.query<RelationSize & { oid: string }>(query, [oids])
    return new Map(rows.map(({ oid, blocks, bytes }) => [oid, { blocks, bytes }]))
  }
  await client.query('savepoint sizes')
  try {
    return await sized(MEASURED)
  } catch (error) {
    if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error
    await client.query('rollback to savepoint sizes')
    return sized(REMEMBERED)
  } finally {
    await client.query('rollback to savepoint sizes').catch(() => undefined)
  }
}

const LOCK_NOT_AVAILABLE = '55P03'

/** Every table of a database and how large it is, to plan by. */
export async function tableSizes(client: Client): Promise<SizedTable[]> {
  await client.query('begin read only')
  try {
    const relations = await relationsIn(client)
    const sizes = await relationSizes(client, relations)
    return relations.map(({ oid, name, divisible }) => ({ table: name, divisible, ...sizes.get(oid)! }))
  } finally {
    await client.query('rollback')
  }
}
