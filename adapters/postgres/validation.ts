import type { Client } from 'pg'
import { sameContent } from '../../core/integrity/fingerprint'
import type { DataCheck, DataValidation } from '../../core/ports/database'
import { sqlState } from './connect'
import { takeBaseline, type TableBaseline } from './fingerprint/baseline'

/** What is read: everything by structure, and what never changes once written also by content. */
export interface ValidatedTables {
  readonly all: readonly string[]
  /** Tables to whose rows nothing happens: only there does content that differs from the baseline mean damage. */
  readonly unchanging: readonly string[]
}

/** Runs work in a session of its own with the database that is judged. */
export type InSession = <T>(work: (client: Client) => Promise<T>) => Promise<T>

/**
 * Judges a database: content against a stored baseline, every foreign key and check constraint re-checked, sequences
 * ahead of their columns, indexes and heaps by amcheck. Without a baseline the content is inconclusive, never a pass.
 * The checks run side by side, each in a session of its own: clients wait for their database as long as the slowest takes.
 */
export async function validateDatabase(
  inSession: InSession,
  tables: ValidatedTables,
  baseline: readonly TableBaseline[] | undefined,
): Promise<DataValidation> {
  const apart = (name: string, check: (client: Client) => Promise<DataCheck>) =>
    inSession((client) => judged(name, () => check(client)))
  const checks = await allEnded([
    apart('content', (client) => content(client, tables.unchanging, baseline)),
    apart('constraints', (client) => constraints(client, tables.all)),
    apart('sequences', (client) => sequences(client, tables.all)),
    structure(inSession, tables.all),
  ])
  const worst = (['fail', 'inconclusive'] as const).find((verdict) => checks.some((check) => check.verdict === verdict))
  return { verdict: worst ?? 'pass', checks }
}

/** A page or an index the server itself finds damaged is an answer, not an accident of the check. */
async function judged(name: string, check: () => Promise<DataCheck>): Promise<DataCheck> {
  try {
    return await check()
  } catch (error) {
    if (!isCorruption(error)) throw error
    return { name, verdict: 'fail', detail: { corruption: sqlState(error) ?? 'unknown' } }
  }
}

/** SQLSTATE XX001 (data corrupted) and XX002 (index corrupted). */
export const isCorruption = (error: unknown): boolean => ['XX001', 'XX002'].includes(sqlState(error) ?? '')

async function content(
  client: Client,
  tables: readonly string[],
  baseline: readonly TableBaseline[] | undefined,
): Promise<DataCheck> {
  const missing = tables.filter((table) => !baseline?.some((b) => b.table === table))
  if (!baseline || tables.length === 0 || missing.length > 0)
    return { name: 'content', verdict: 'inconclusive', detail: { withoutBaseline: missing } }
  const { differing, restructured, grown } = await compareContent(client, tables, baseline)
  return {
    name: 'content',
    verdict: differing.length > 0 ? 'fail' : restructured.length + grown.length > 0 ? 'inconclusive' : 'pass',
    detail: {
      tables: tables.length,
      differing,
      ...(restructured.length > 0 && { restructured }),
      ...(grown.length > 0 && { grown }),
    },
  }
}

/**
 * The tables in which what a baseline covers is not what it was, and those of which it cannot say that: they have other columns
 * since, or more rows that no key tells from the old ones. A table that the baseline does not know is neither.
 */
export async function compareContent(
  client: Client,
  tables: readonly string[],
  baseline: readonly TableBaseline[],
): Promise<Readonly<Record<'differing' | 'restructured' | 'grown', string[]>>> {
  const known = tables.filter((table) => baseline.some((before) => before.table === table))
  const now = await takeBaseline(client, known, new Map(baseline.map((b) => [b.table, b.upToId])))
  const compared = now.map((table) => ({ table, before: baseline.find((b) => b.table === table.table)! }))
  const isRestructured = ({ table, before }: (typeof compared)[number]) =>
    before.columns !== undefined && before.columns !== table.columns
  const isGrown = ({ table, before }: (typeof compared)[number]) =>
    before.upToId === undefined && BigInt(table.rows) > BigInt(before.rows)
  const changed = compared.filter((pair) => !isRestructured(pair) && !sameContent(pair.before, pair.table))
  const names = (pairs: typeof compared) => pairs.map(({ table }) => table.table)
  return {
    differing: names(changed.filter((pair) => !isGrown(pair))),
    restructured: names(compared.filter(isRestructured)),
    grown: names(changed.filter(isGrown)),
  }
}

/** Re-checks what a copied page could break without anybody noticing: one anti-join or scan per constraint. */
async function constraints(client: Client, tables: readonly string[]): Promise<DataCheck> {
  const { rows: declared } = await client.query<{ name: string; violations: string }>(
    `select c.conname as name, case c.contype
       when 'c' then format('select count(*) from %s where not %s', c.conrelid::regclass, substring(pg_get_constraintdef(c.oid) from 7))
       else format('select count(*) from %s child where child.%I is not null and not exists (select from %s parent where parent.%I = child.%I)',
         c.conrelid::regclass, child.attname, c.confrelid::regclass, parent.attname, child.attname) end as violations
     from pg_constraint c
     left join pg_attribute child on child.attrelid = c.conrelid and child.attnum = c.conkey[1]
     left join pg_attribute parent on parent.attrelid = c.confrelid and parent.attnum = c.confkey[1]
     where c.conrelid = any($1::regclass[]) and (c.contype = 'c' or c.contype = 'f' and cardinality(c.conkey) = 1)`,
    [tables],
  )
  const broken: string[] = []
  for (const { name, violations } of declared) {
    const { rows } = await client.query<{ count: string }>(violations)
    if (rows[0]?.count !== '0') broken.push(name)
  }
  return {
    name: 'constraints',
    verdict: broken.length > 0 ? 'fail' : 'pass',
    detail: { checked: declared.length, broken },
  }
}

async function sequences(client: Client, tables: readonly string[]): Promise<DataCheck> {
  const behind: string[] = []
  for (const table of tables) {
    const { rows } = await client.query<{ ok: boolean }>(
      `select coalesce((select max(id) from ${table}), 0) <= coalesce(pg_sequence_last_value(pg_get_serial_sequence($1, 'id')::regclass), 0) as ok`,
      [table],
    )
    if (!rows[0]?.ok) behind.push(table)
  }
  return { name: 'sequences', verdict: behind.length > 0 ? 'fail' : 'pass', detail: { checked: tables.length, behind } }
}

/** Indexes and heaps by amcheck, side by side too: they are most of the work. */
async function structure(inSession: InSession, tables: readonly string[]): Promise<DataCheck> {
  const [indexes, heaps] = await allEnded([
    inSession((client) => damagedIndexes(client, tables)),
    inSession((client) => damagedHeaps(client, tables)),
  ])
  const damaged = [...indexes!.damaged, ...heaps!.damaged]
  return {
    name: 'structure',
    verdict: damaged.length > 0 ? 'fail' : 'pass',
    detail: { indexes: indexes!.checked, heaps: heaps!.checked, damaged },
  }
}

interface Looked {
  readonly checked: number
  readonly damaged: readonly string[]
}

/** amcheck raises for a broken index. */
async function damagedIndexes(client: Client, tables: readonly string[]): Promise<Looked> {
  const { rows: declared } = await client.query<{ index: string }>(
    `select i.indexrelid::regclass::text as index from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
     where i.indrelid = any($1::regclass[]) and m.amname = 'btree' and i.indisvalid`,
    [tables],
  )
  const damaged: string[] = []
  for (const { index } of declared) {
    try {
      // Also that every row of the heap is in the index, and that a unique index holds no key twice.
      await client.query('select bt_index_check($1::regclass, true, true)', [index])
    } catch (error) {
      if (!isCorruption(error)) throw error
      damaged.push(index)
    }
  }
  return { checked: declared.length, damaged }
}

/** amcheck returns a row for each damaged tuple of a table. */
async function damagedHeaps(client: Client, tables: readonly string[]): Promise<Looked> {
  const damaged: string[] = []
  for (const table of tables) {
    try {
      const { rows } = await client.query<{ count: string }>('select count(*) from verify_heapam($1::regclass)', [
        table,
      ])
      if (rows[0]?.count !== '0') damaged.push(table)
    } catch (error) {
      if (!isCorruption(error)) throw error
      damaged.push(table)
    }
  }
  return { checked: tables.length, damaged }
}

/** What all of them came to, once the last has ended: a check that is tried again must not run beside itself. */
export async function allEnded<T>(looks: readonly Promise<T>[]): Promise<T[]> {
  return (await Promise.allSettled(looks)).map((look) => {
    if (look.status === 'rejected') throw look.reason
    return look.value
  })
}
