import { escapeIdentifier, type Client } from 'pg'
import type { Finding } from '../../../core/integrity/compare'
import { sqlState } from '../connect'
import { OUTSIDE_SERVER } from './relations'

/** Everything of which amcheck knows what it has to look like. */
const CHECKABLE = `
  select format('%I.%I', n.nspname, c.relname) as name, c.oid::text as oid,
    case when am.amname in ('btree', 'gin') then am.amname else 'heap' end as form, coalesce(i.indisunique, false) as unique
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_am am on am.oid = c.relam
  left join pg_index i on i.indexrelid = c.oid
  where c.relpersistence <> 't' and not (c.relpersistence = 'u' and pg_is_in_recovery()) and (${OUTSIDE_SERVER} or n.nspname = 'pg_catalog')
    and (am.amname = 'heap' and c.relkind in ('r', 'm') or c.relkind = 'i' and i.indisvalid
      and (am.amname = 'btree' or am.amname = 'gin' and $1))
  order by pg_relation_size(c.oid) desc`

interface Checkable {
  readonly name: string
  readonly oid: string
  readonly form: 'heap' | 'btree' | 'gin'
  readonly unique: boolean
}

export interface StructureCheck {
  readonly findings: readonly Finding[]
  /** Relations that were looked at. */
  readonly checked: number
}

/**
 * Looks at every page of every table and index, the catalog's too: rows and what is stored outside of them (verify_heapam, which
 * meets every checksum on the way), order and completeness of B-trees, uniqueness, GIN from version 18 on; and whether the
 * server has counted a failed checksum since its statistics began. Works on a replica, and takes no lock that a writer waits for.
 */
export async function checkStructure(
  client: Client,
  onProgress?: (done: number, of: number) => void,
): Promise<StructureCheck> {
  const findings = await failedChecksums(client)
  const { rows: known } = await client.query<{ schema: string; gin: boolean; checksUnique: boolean }>(
    `select n.nspname as schema, exists (select from pg_proc p where p.pronamespace = n.oid and p.proname = 'gin_index_check') as gin,
       exists (select from pg_proc p where p.pronamespace = n.oid and p.proname = 'bt_index_check' and p.pronargs = 3) as "checksUnique"
     from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'amcheck'`,
  )
  const [extension] = known
  if (!extension) return { findings: [...findings, unchecked('database', 'AMCHECK_MISSING')], checked: 0 }
  const { rows: relations } = await client.query<Checkable>(CHECKABLE, [extension.gin])
  for (const [at, relation] of relations.entries()) {
    findings.push(...(await check(client, escapeIdentifier(extension.schema), extension.checksUnique, relation)))
    onProgress?.(at + 1, relations.length)
  }
  return { findings, checked: relations.length }
}

async function check(
  client: Client,
  schema: string,
  checksUnique: boolean,
  { name: object, oid, form, unique }: Checkable,
): Promise<Finding[]> {
  try {
    if (form === 'heap') {
      const { rows } = await client.query<{ damaged: string }>(
        `select count(*)::text as damaged from ${schema}.verify_heapam($1::oid::regclass, check_toast => true)`,
        [oid],
      )
      return rows[0]!.damaged === '0' ? [] : [damaged(object, `${rows[0]!.damaged} rows`)]
    }
    const call =
      form === 'gin'
        ? 'gin_index_check($1::oid::regclass)'
        : `bt_index_check($1::oid::regclass, true${checksUnique ? `, ${unique}` : ''})`
    await client.query(`select ${schema}.${call}`, [oid])
    return []
  } catch (error) {
    const state = sqlState(error)
    if (state === undefined || state.startsWith('57P')) throw error
    // Dropped meanwhile: there is nothing left to be damaged.
    if ((await client.query('select from pg_class where oid = $1::oid', [oid])).rowCount === 0) return []
    return [state.startsWith('XX') ? damaged(object, state) : unchecked(object, state)]
  }
}

/** Whether the server has counted a failed checksum since its statistics began. */
export async function failedChecksums(client: Client): Promise<Finding[]> {
  const { rows } = await client.query<{ failures: string; enabled: boolean }>(
    `select coalesce(sum(checksum_failures), 0)::text as failures, current_setting('data_checksums')::boolean as enabled from pg_stat_database
     where datname = current_database() or datname is null`,
  )
  const { failures, enabled } = rows[0]!
  if (!enabled) return [unchecked('checksums', 'CHECKSUMS_OFF')]
  return failures === '0' ? [] : [{ code: 'CHECKSUM_FAILED', object: 'checksums', verdict: 'fail', detail: failures }]
}

const damaged = (object: string, detail: string): Finding => ({
  code: 'STRUCTURE_DAMAGED',
  object,
  verdict: 'fail',
  detail,
})
const unchecked = (object: string, detail: string): Finding => ({
  code: 'STRUCTURE_UNCHECKED',
  object,
  verdict: 'inconclusive',
  detail,
})
