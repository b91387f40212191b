import type { Client } from 'pg'
import type { Policy } from '../../core/policy'
import { median } from '../../core/measurement/median'
import type { DataCheck } from '../../core/ports/database'
import { indexesFor } from './copy-inspection'
import { scanCatalog, type KnownObjects } from './hardening'

/** Versions of TLS from the oldest; what is not among them is older than all. */
const TLS_VERSIONS = ['TLSv1.2', 'TLSv1.3']

export interface CopySecurity {
  readonly tlsMinimum: 'TLSv1.2' | 'TLSv1.3'
  readonly known: KnownObjects
  /** Login roles whose access had been taken away before the moment of the copy. */
  readonly revoked: readonly string[]
}

/**
 * The security of a copy whose logins are as they were in its source, since nothing but its network keeps applications out: TLS
 * for everybody, no role, trigger or function that nobody knows, and nobody back who had been shut out before.
 */
export async function copySecurity(
  client: Client,
  { tlsMinimum, known, revoked }: CopySecurity,
): Promise<Omit<DataCheck, 'name'>> {
  const { rows } = await client.query<{ tls: string; encrypted: boolean; forced: boolean | null; back: string[] }>(
    `select current_setting('ssl_min_protocol_version') as tls,
       (select ssl from pg_stat_ssl where pid = pg_backend_pid()) as encrypted,
       current_setting('rds.force_ssl', true) in ('1', 'on') as forced,
       array(select rolname::text from pg_roles where rolcanlogin and rolname = any($1) order by 1) as back`,
    [revoked],
  )
  const { tls, encrypted, back } = rows[0]!
  const forced = rows[0]!.forced ?? (await forcedByRules(client))
  const unknown = (await scanCatalog(client, [], known)).map(({ code, object }) => `${code}:${object}`)
  const isNewEnough = TLS_VERSIONS.indexOf(tls) >= TLS_VERSIONS.indexOf(tlsMinimum)
  const sound = isNewEnough && encrypted && forced && back.length === 0 && unknown.length === 0
  return { verdict: sound ? 'pass' : 'fail', detail: { tls, encrypted, forced, revokedBack: back, unknown } }
}

/** Where no service keeps the rules: nobody comes in over a network without TLS. */
async function forcedByRules(client: Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from pg_hba_file_rules where type in ('host', 'hostnossl') and auth_method <> 'reject'`,
  )
  return rowCount === 0
}

/** How a database answers: by which indexes it finds rows by their key, and how long the questions take together. */
export interface Pace {
  readonly indexes: Readonly<Record<string, string>>
  /** Median of several times, once it is warm; milliseconds. */
  readonly milliseconds: number
}

/** Rows by their key, and the newest ones: what an application asks, whatever the size of the table. */
const byKey = (table: string): string => `select count(*) from ${table} where id between 1 and 50`
const newest = (table: string): string => `select max(id) from (select id from ${table} order by id desc limit 1000) n`

export async function paceOf(
  client: Client,
  { tables, runs, nowMs }: { readonly tables: readonly string[]; readonly runs: number; readonly nowMs: () => number },
): Promise<Pace> {
  const indexes: Record<string, string> = {}
  for (const table of tables) indexes[table] = await indexesFor(client, byKey(table))
  const once = async (): Promise<number> => {
    const beganMs = nowMs()
    for (const table of tables) for (const question of [byKey(table), newest(table)]) await client.query(question)
    return nowMs() - beganMs
  }
  await once()
  const times: number[] = []
  for (let run = 0; run < runs; run++) times.push(await once())
  return { indexes, milliseconds: median(times) ?? 0 }
}

/** The copy beside its source: the same ways to the same rows, and about as fast. */
export function judgePace(
  source: Pace,
  copy: Pace,
  { slowestRatio, ignoredMilliseconds }: Policy['verification']['weekly']['performance'],
): Omit<DataCheck, 'name'> {
  const otherIndexes = Object.keys(source.indexes).filter((table) => source.indexes[table] !== copy.indexes[table])
  const [sourceMs, copyMs] = [source.milliseconds, copy.milliseconds]
  const slow = copyMs > sourceMs * slowestRatio && copyMs - sourceMs > ignoredMilliseconds
  return {
    verdict: otherIndexes.length > 0 || slow ? 'fail' : 'pass',
    detail: { otherIndexes, sourceMs, copyMs },
  }
}
