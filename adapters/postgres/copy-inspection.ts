import type { Client } from 'pg'
import { median } from '../../core/measurement/median'
import type { Policy } from '../../core/policy'
import type { DataValidation, InstanceRef } from '../../core/ports/database'
import type { CopyCheck, CopyInspection } from '../../core/verification/weekly/restore-once'
import { FENCE_ROLE } from './guard-schema'
import { scanCatalog, type KnownObjects } from './hardening'

type Limits = Policy['verification']['weekly']['performance']

export interface InspectionSettings {
  readonly tables: readonly string[]
  readonly limits: Limits
  readonly known: KnownObjects
  /** Runs `work` in a session of the fence role with the named instance. */
  readonly withSession: <T>(ref: InstanceRef, work: (client: Client) => Promise<T>) => Promise<T>
  readonly nowMs: () => number
  /** Goes on with a copy under the next minor version; undefined where there is none. */
  readonly patch: (copy: InstanceRef) => Promise<{ readonly from: string; readonly to: string } | undefined>
  readonly validate: (copy: InstanceRef) => Promise<DataValidation>
}

/** The ways to rows that an application takes: some by their key, and all of a table. */
const byKey = (table: string): string => `select count(*) from ${table} where id between 1 and 50`
const wholeOf = (table: string): string => `select count(*), max(id) from ${table}`

/** Inspects copies on PostgreSQL. */
export function copyInspection(settings: InspectionSettings): CopyInspection {
  const { withSession, tables, limits, known } = settings
  return {
    performance: (source, copy) =>
      withSession(source, (original) =>
        withSession(copy, async (restored): Promise<CopyCheck> => {
          const otherIndexes: string[] = []
          for (const table of tables)
            if ((await indexesFor(original, byKey(table))) !== (await indexesFor(restored, byKey(table))))
              otherIndexes.push(table)
          const questions = tables.flatMap((table) => [byKey(table), wholeOf(table)])
          const pairs = await timed(settings, original, restored, questions)
          const [sourceMs, copyMs] = [median(pairs.map(([ms]) => ms)) ?? 0, median(pairs.map(([, ms]) => ms)) ?? 0]
          const slow = copyMs > sourceMs * limits.slowestRatio && copyMs - sourceMs > limits.ignoredMilliseconds
          return {
            name: 'performance',
            verdict: otherIndexes.length > 0 || slow ? 'fail' : 'pass',
            detail: { questions: questions.length, otherIndexes, sourceMs, copyMs },
          }
        }),
      ),
    security: (copy, revoked) =>
      withSession(copy, async (client): Promise<CopyCheck> => {
        const { rows } = await client.query<{ tls: string; encrypted: boolean; open: string[]; revoked: string[] }>(
          `select current_setting('ssl_min_protocol_version') as tls,
             (select ssl from pg_stat_ssl where pid = pg_backend_pid()) as encrypted,
             array(select rolname::text from pg_roles where rolcanlogin and rolname <> $1 order by 1) as open,
             array(select rolname::text from pg_roles where rolcanlogin and rolname = any($2) order by 1) as revoked`,
          [FENCE_ROLE, revoked],
        )
        const { tls, encrypted, open, revoked: back } = rows[0]!
        const scan = await scanCatalog(client, [], known)
        const sound = tls === 'TLSv1.3' && encrypted && open.length === 0 && back.length === 0 && scan.length === 0
        return {
          name: 'security',
          verdict: sound ? 'pass' : 'fail',
          detail: {
            tls,
            encrypted,
            open,
            revokedBack: back,
            unknown: scan.map(({ code, object }) => `${code}:${object}`),
          },
        }
      }),
    patch: async (copy): Promise<CopyCheck> => {
      const patched = await settings.patch(copy)
      if (!patched) return { name: 'patch', verdict: 'inconclusive', detail: { code: 'NO_NEWER_VERSION' } }
      const { from, to } = patched
      if (!isPatched(from, to))
        return { name: 'patch', verdict: 'fail', detail: { code: 'VERSION_NOT_IN_FORCE', from, to } }
      const { verdict, checks } = await settings.validate(copy)
      const wanting = checks.filter((check) => check.verdict !== 'pass').map(({ name }) => name)
      return { name: 'patch', verdict, detail: { from, to, wanting } }
    },
  }
}

/** Whether a version is a later one of the same major version. */
function isPatched(from: string, to: string): boolean {
  const [major, minor] = from.split('.').map(Number)
  const [newMajor, newMinor] = to.split('.').map(Number)
  return newMajor === major && newMinor! > minor!
}

/**
 * The indexes that lead to the rows. How they are walked depends on what the vacuum has seen, and may be another way in a copy;
 * an index that is missing leaves none, however small the table is.
 */
export async function indexesFor(client: Client, question: string): Promise<string> {
  await client.query('set enable_seqscan = off')
  try {
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${question}`)
    const used = rows.flatMap((row) => /(?:using|Index Scan on) (\S+)/.exec(row['QUERY PLAN'])?.[1] ?? [])
    return [...new Set(used)].toSorted().join()
  } finally {
    await client.query('reset enable_seqscan')
  }
}

/** Both asked in turn, so that what disturbs the machine disturbs both; the first time warms them. */
async function timed(
  { limits, nowMs }: InspectionSettings,
  original: Client,
  restored: Client,
  questions: readonly string[],
): Promise<(readonly [number, number])[]> {
  const once = async (client: Client): Promise<number> => {
    const beganMs = nowMs()
    for (const question of questions) await client.query(question)
    return nowMs() - beganMs
  }
  await once(original)
  await once(restored)
  const pairs: (readonly [number, number])[] = []
  for (let run = 0; run < limits.runs; run += 1) pairs.push([await once(original), await once(restored)])
  return pairs
}
