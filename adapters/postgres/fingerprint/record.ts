import { createHash } from 'node:crypto'
import type { Client } from 'pg'
import { FORM } from '../../../core/integrity/fingerprint'

/**
 * The alias under which a hashed table is read. No column can bear it by accident: an alias that is also a column's name
 * would stand for that column alone, and the rest of the row would go unseen.
 */
export const ALIAS = 'the_fingerprinted_table_'

/** A column as it is hashed. */
export interface HashedColumn {
  /** Its exact content: itself, or what tells it where the type's own hash does not. Read once for each row. */
  readonly made: string
  /** Function that hashes what was made, with a seed; absent where only a record of it can be hashed. */
  readonly by?: string
  /**
   * What tells apart eight bytes of which the function sees both halves only together, so that 1 hashes as 4294967296: the number
   * takes the place of the seed, all of which counts, or a function sends it, which one of the two hashes is of.
   */
  readonly whole?: string
  /** Function that hashes what was sent. */
  readonly bySent?: string
}

/** A row of one table as SQL that hashes alike wherever the same content is. */
export interface TableRecord {
  readonly hashed: readonly HashedColumn[]
  /** What is made of a column, by its name. */
  readonly byColumn: ReadonlyMap<string, string>
  /** Hash of what the columns are and how they are hashed. */
  readonly columns: string
}

/**
 * Each column as the server can hash it. Its own hash function serves where the type has one, and where the catalog says that
 * equal values are the same bytes (support function 4 of B-tree operator classes, "equalimage"): everywhere else equality is
 * wider than content (1.0 = 1.00, '24:00' = '1 day', 'a' = 'A' in citext) or the hash is of a number that another database
 * does not share (enumerations hash their OID), so that the text is hashed, or what a client would be sent where that is
 * cheaper and as exact. A type that only borrows the functions of another
 * one, as varchar does, is cast at no cost. Virtual columns hold nothing.
 *
 * The function is called directly where SQL may: not where the catalog names one that takes a type of the server's insides, or
 * another type whose bytes happen to be alike. A record of one value hashes as the value does.
 */
const COLUMNS = `
  with recursive domain as (
    select oid as of, typbasetype as base, typtypmod as typmod from pg_type where typtype = 'd'
    union all
    select domain.of, t.typbasetype, coalesce(nullif(domain.typmod, -1), t.typtypmod)
    from domain join pg_type t on t.oid = domain.base where t.typtype = 'd'
  ), resolved as (
    select domain.of, t.oid as base, t.typname, t.typcollation, t.typsend, domain.typmod from domain join pg_type t on t.oid = domain.base where t.typtype <> 'd'
  ), hashable as (
    select hashed.opcintype as type, case when f.proargtypes[0] = hashed.opcintype then p.amproc::regproc::text end as by
    from pg_opclass hashed join pg_am on pg_am.oid = hashed.opcmethod and pg_am.amname = 'hash' and hashed.opcdefault
    join pg_amproc p on p.amprocfamily = hashed.opcfamily and p.amproclefttype = hashed.opcintype
      and p.amprocrighttype = hashed.opcintype and p.amprocnum = 2
    join pg_proc f on f.oid = p.amproc
  ), exact as (
    select hashable.* from hashable
    join pg_opclass ordered on ordered.opcintype = hashable.type and ordered.opcdefault
    join pg_am ordering on ordering.oid = ordered.opcmethod and ordering.amname = 'btree'
    where exists (select from pg_amproc p where p.amprocfamily = ordered.opcfamily and p.amproclefttype = ordered.opcintype
      and p.amprocrighttype = ordered.opcintype and p.amprocnum = 4)
      -- Which clusters that were made before November 2023 still say of it, wrongly.
      and hashable.type <> 'interval'::regtype
  )
  select a.attrelid::text as oid, a.attname as name, format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)) as declared,
    case kind
      when 'sent' then format('%s(%s)', base.send, plain)
      when 'exact' then plain || case when base.isdomain then format('::%s', format_type(base.oid, -1)) else '' end
        -- Under other collations other letters may be equal.
        || case when base.collatable then ' collate "C"' else '' end
      else plain || '::text collate "C"'
    end as made,
    (select by from hashable where hashable.type = case kind when 'exact' then base.oid when 'sent' then 'bytea'::regtype else 'text'::regtype end) as by,
    -- The same of eight bytes that are read more often than others, in which something cheaper tells the halves apart.
    case when kind = 'exact' then case when base.typname = 'int8' then 'seed' when base.typname in ('timestamp', 'timestamptz') then base.send end end as whole,
    (select by from hashable where hashable.type = 'bytea'::regtype) as "bySent"
  from pg_attribute a
  join pg_type t on t.oid = a.atttypid
  cross join lateral format('%s.%I', '${ALIAS}', a.attname) plain
  cross join lateral (
    select coalesce(r.base, t.oid) as oid, coalesce(r.typname, t.typname) as typname,
      coalesce(r.typcollation, t.typcollation) <> 0 as collatable, coalesce(r.typmod, a.atttypmod) as typmod,
      coalesce(r.typsend, t.typsend)::regproc::text as send, r.base is not null as isdomain
    from (select) one left join resolved r on r.of = a.atttypid
  ) base
  cross join lateral (
    select case
      -- Equal numbers of another scale hash alike, alone and in a document. Of eight bytes only both halves together are hashed.
      -- Without a length, blanks at the end are kept, yet neither hashed nor written as text.
      when base.typname in ('numeric', 'jsonb', 'time', 'timetz', 'pg_lsn', 'xid8')
        or base.typname = 'bpchar' and base.typmod = -1 then 'sent'
      when exists (select from exact where exact.type = base.oid) then 'exact'
      else 'text'
    end as kind
  ) as how
  where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped and a.attgenerated <> 'v'
  order by a.attrelid, a.attnum`

interface ColumnRow {
  readonly oid: string
  readonly name: string
  readonly declared: string
  readonly made: string
  readonly by: string | null
  readonly whole: string | null
  readonly bySent: string | null
}

/** How the rows of each table are hashed, by its OID. */
export async function tableRecords(client: Client, oids: readonly string[]): Promise<Map<string, TableRecord>> {
  const { rows } = await client.query<ColumnRow>(COLUMNS, [oids])
  const found = new Map(oids.map((oid) => [oid, [] as ColumnRow[]]))
  for (const row of rows) found.get(row.oid)!.push(row)
  return new Map([...found].map(([oid, columns]) => [oid, recordOf(columns)]))
}

const recordOf = (columns: readonly ColumnRow[]): TableRecord => ({
  hashed: columns.map(({ made, by, whole, bySent }) => ({
    made,
    ...(by !== null && { by }),
    ...(whole !== null && { whole }),
    ...(bySent !== null && { bySent }),
  })),
  byColumn: new Map(columns.map(({ name, made }) => [name, made])),
  columns: createHash('sha256')
    .update(`${FORM} ${columns.map(({ declared, made }) => `${declared} ${made}`).join(', ')}`)
    .digest('hex')
    .slice(0, 16),
})

/** Name under which the rows are read once their columns are made. */
const HASHED = 'hashed'

type Hashable = Pick<TableRecord, 'hashed'>

/**
 * Rows whose columns are made once and hashed twice, with other values of each under names of their own; `source` is what
 * follows `from`. Without the offset the two hashes would each read and write every document for themselves.
 */
export function hashedRows(record: Hashable, source: string, others: Readonly<Record<string, string>> = {}): string {
  const values = [
    ...record.hashed.map(({ made }, at) => `${made} as column_${at}`),
    ...Object.entries(others).map(([name, value]) => `${value} as ${name}`),
  ]
  return `(select ${values.join(', ')} from ${source} offset 0) ${HASHED}`
}

/** 64 bits that nothing else here is hashed with. */
function word(...of: readonly (string | number)[]): string {
  const digest = createHash('sha256')
    .update([FORM, ...of].join(' '))
    .digest()
  return `'${digest.readBigInt64BE()}'::bigint`
}

/** What is null counts too. */
function hashOfColumn({ by, whole, bySent }: HashedColumn, at: number, seed: number): string {
  const made = `${HASHED}.column_${at}`
  const [own, none] = [word(seed, at), word(seed, at, 'null')]
  const hashed = (value: string, how?: string) =>
    how === undefined
      ? `case when ${made} is not null then hash_record_extended(row(${value}), ${own}) end`
      : `${how}(${value}, ${own})`
  const ofWhole = () => (whole === 'seed' ? `hashint8extended(${own}, ${made})` : hashed(`${whole}(${made})`, bySent))
  const isWhole = whole !== undefined && (whole === 'seed' || seed === 1)
  const hash = isWhole ? ofWhole() : hashed(made, by)
  return `coalesce(${hash}, ${none})`
}

/**
 * 64 bits of a row of `hashedRows`: the hashes of its columns, each with a seed of its own, then mixed once more. Without that
 * two rows could exchange a value unseen. The value that is mixed takes the place of the seed, since of a number that is hashed
 * only 32 bits would count.
 */
function hashOf({ hashed }: Hashable, seed: number): string {
  const hashes = hashed.map((column, at) => hashOfColumn(column, at, seed))
  return `hashint8extended(0, ${balanced([word(seed), ...hashes])})`
}

/** All of them by exclusive or, in parentheses that do not nest deeper than they have to: servers read them by recursion. */
function balanced(terms: readonly string[]): string {
  if (terms.length === 1) return terms[0]!
  const half = Math.ceil(terms.length / 2)
  return `(${balanced(terms.slice(0, half))} # ${balanced(terms.slice(half))})`
}

/** 64 bits of some values, which are no more than fit into a record. */
export const rowHash = (expressions: readonly string[], seed: number): string =>
  `hashint8extended(0, hash_record_extended(row(${expressions.join(', ')}), ${seed}))`

/** Count of `hashedRows` and the sums of their hashes. Two seeds make 128 bits. */
export const contentOf = (record: Hashable): string => `count(*)::text as rows,
  coalesce(sum(${hashOf(record, 0)}), 0)::text || '/' || coalesce(sum(${hashOf(record, 1)}), 0)::text as hash`

/** Both hashes of one of `hashedRows`. */
export const hashesOf = (record: Hashable): string =>
  `${hashOf(record, 0)}::text || '/' || ${hashOf(record, 1)}::text as hash`
