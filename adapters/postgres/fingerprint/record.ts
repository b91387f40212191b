import { createHash } from 'node:crypto'
import type { Client } from 'pg'
import { FORM } from '../../../core/integrity/fingerprint'

/**
 * The alias under which a hashed table is read. No column can bear it by accident: an alias that is also a column's name
 * would stand for that column alone, and the rest of the row would go unseen.
 */
export const ALIAS = 'the_fingerprinted_table_'

/** A row of one table as SQL that hashes alike wherever the same content is. */
export interface TableRecord {
  /** What of a row is hashed: a value for each column, or several. */
  readonly expressions: readonly string[]
  /** The same of a column by its name. */
  readonly byColumn: ReadonlyMap<string, string>
  /** Hash of what the columns are and how they are hashed. */
  readonly columns: string
}

/** Types whose exact content a cheaper expression tells than their text does. */
const CHEAPER = `
  case base.typname
    -- Equal numbers of another scale hash alike: 1.0 and 1.00.
    when 'numeric' then format('%1$s.%2$I, scale(%1$s.%2$I)', '${ALIAS}', a.attname)
    -- Without a length, blanks at the end are kept, yet neither hashed nor written as text.
    when 'bpchar' then case when base.typmod = -1 then format('bpcharsend(%s.%I)', '${ALIAS}', a.attname) end
  end`

/**
 * Each column as the server can hash it. Its own hash function serves where the type has one, and where the catalog says that
 * equal values are the same bytes (support function 4 of B-tree operator classes, "equalimage"): everywhere else equality is
 * wider than content (1.0 = 1.00, '24:00' = '1 day', 'a' = 'A' in citext) or the hash is of a number that another database
 * does not share (enumerations hash their OID), so that the text is hashed. A type that only borrows the functions of another
 * one, as varchar does, is cast at no cost. Virtual columns hold nothing.
 */
const COLUMNS = `
  with recursive domain as (
    select oid as of, typbasetype as base, typtypmod as typmod from pg_type where typtype = 'd'
    union all
    select domain.of, t.typbasetype, coalesce(nullif(domain.typmod, -1), t.typtypmod)
    from domain join pg_type t on t.oid = domain.base where t.typtype = 'd'
  ), resolved as (
    select domain.of, t.oid as base, t.typname, t.typcollation, domain.typmod from domain join pg_type t on t.oid = domain.base where t.typtype <> 'd'
  ), exact as (
    select hashed.opcintype as type
    from pg_opclass hashed join pg_am on pg_am.oid = hashed.opcmethod and pg_am.amname = 'hash'
    join pg_opclass ordered on ordered.opcintype = hashed.opcintype and ordered.opcdefault
    join pg_am ordering on ordering.oid = ordered.opcmethod and ordering.amname = 'btree'
    where hashed.opcdefault
      and exists (select from pg_amproc p where p.amprocfamily = hashed.opcfamily and p.amproclefttype = hashed.opcintype
        and p.amprocrighttype = hashed.opcintype and p.amprocnum = 2)
      and exists (select from pg_amproc p where p.amprocfamily = ordered.opcfamily and p.amproclefttype = ordered.opcintype
        and p.amprocrighttype = ordered.opcintype and p.amprocnum = 4)
  )
  select a.attrelid::text as oid, a.attname as name, format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)) as declared,
    coalesce(${CHEAPER}, case
      when exists (select from exact where exact.type = base.oid)
        then format(case when base.isdomain then '%s.%I::%s' else '%s.%I' end, '${ALIAS}', a.attname, format_type(base.oid, null))
      else format('%s.%I::text', '${ALIAS}', a.attname) end
      -- Under other collations other letters may be equal.
      || case when base.collatable or not exists (select from exact where exact.type = base.oid) then ' collate "C"' else '' end) as expression
  from pg_attribute a
  join pg_type t on t.oid = a.atttypid
  cross join lateral (
    select coalesce(r.base, t.oid) as oid, coalesce(r.typname, t.typname) as typname,
      coalesce(r.typcollation, t.typcollation) <> 0 as collatable, coalesce(r.typmod, a.atttypmod) as typmod,
      r.base is not null as isdomain
    from (select) one left join resolved r on r.of = a.atttypid
  ) base
  where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped and a.attgenerated <> 'v'
  order by a.attrelid, a.attnum`

/** How the rows of each table are hashed, by its OID. */
export async function tableRecords(client: Client, oids: readonly string[]): Promise<Map<string, TableRecord>> {
  const { rows } = await client.query<{ oid: string; name: string; declared: string; expression: string }>(COLUMNS, [
    oids,
  ])
  const found = new Map(oids.map((oid) => [oid, { byColumn: new Map<string, string>(), declared: [] as string[] }]))
  for (const { oid, name, declared, expression } of rows) {
    const table = found.get(oid)!
    table.byColumn.set(name, expression)
    table.declared.push(`${declared} ${expression}`)
  }
  return new Map(
    [...found].map(([oid, { byColumn, declared }]) => [
      oid,
      {
        expressions: [...byColumn.values()],
        byColumn,
        columns: createHash('sha256')
          .update(`${FORM} ${declared.join(', ')}`)
          .digest('hex')
          .slice(0, 16),
      },
    ]),
  )
}

/** A record holds 1,664 fields at most (MaxTupleAttributeNumber), fewer than two for each of 1,600 columns. */
const FIELDS_OF_A_RECORD = 800

/** Name under which the rows are read once they are made into records. */
const HASHED = 'hashed'

const records = ({ expressions }: Hashable): string[] =>
  Array.from({ length: Math.max(1, Math.ceil(expressions.length / FIELDS_OF_A_RECORD)) }, (_, at) => {
    const some = expressions.slice(at * FIELDS_OF_A_RECORD, (at + 1) * FIELDS_OF_A_RECORD)
    return `row(${some.join(', ')})`
  })

type Hashable = Pick<TableRecord, 'expressions'>

/**
 * Rows as records that are made once and hashed twice, with other values of each under names of their own; `source` is what
 * follows `from`. Without the offset the two hashes would each read and write every document for themselves.
 */
export function hashedRows(record: Hashable, source: string, others: Readonly<Record<string, string>> = {}): string {
  const values = [
    ...records(record).map((one, at) => `${one} as record_${at}`),
    ...Object.entries(others).map(([name, value]) => `${value} as ${name}`),
  ]
  return `(select ${values.join(', ')} from ${source} offset 0) ${HASHED}`
}

/** 64 bits of a row of `hashedRows`. */
function hashOf(record: Hashable, seed: number): string {
  const [first, ...others] = records(record).map((_, at) => `hash_record_extended(${HASHED}.record_${at}, ${seed})`)
  return others.length === 0 ? mixed(first!, seed) : rowHash([first!, ...others], seed)
}

/** A record's hash is linear in the hashes of its fields, so that two rows could swap a value unseen: it is mixed once more. */
const mixed = (hash: string, seed: number): string => `hashint8extended(${hash}, ${seed})`

/** 64 bits of some values, which are no more than fit into a record. */
export const rowHash = (expressions: readonly string[], seed: number): string =>
  mixed(`hash_record_extended(row(${expressions.join(', ')}), ${seed})`, seed)

/** Count of `hashedRows` and the sums of their hashes. Two seeds make 128 bits. */
export const contentOf = (record: Hashable): string => `count(*)::text as rows,
  coalesce(sum(${hashOf(record, 0)}), 0)::text || '/' || coalesce(sum(${hashOf(record, 1)}), 0)::text as hash`

/** Both hashes of one of `hashedRows`. */
export const hashesOf = (record: Hashable): string =>
  `${hashOf(record, 0)}::text || '/' || ${hashOf(record, 1)}::text as hash`
