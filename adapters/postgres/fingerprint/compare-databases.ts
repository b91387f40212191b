import type { Client } from 'pg'
import type { CatalogKind } from '../../../core/integrity/catalog-kinds'
import { compareFingerprints, type Comparison, type Finding } from '../../../core/integrity/compare'
import {
  sameContent,
  type CatalogFingerprint,
  type DatabaseFingerprint,
  type FingerprintOrigin,
} from '../../../core/integrity/fingerprint'
import type { Rechecked, Seen } from '../../../core/integrity/recheck'
import type { DifferingRow as ToldRow, TableDifference } from '../../../core/integrity/row-report'
import { worst } from '../../../core/integrity/verdict'
import { systemIdentifier } from '../system-identifier'
import { nameOf, rowsOf, type KeyedTable } from './buckets'
import { fingerprintCatalog } from './catalog'
import { contentBy, hashStatement } from './content'
import { withHeldDatabase, type FingerprintOptions, type HeldDatabase } from './database'
import { differingRows, type DifferingRows, type TableSide } from './differing-rows'
import { atPresent, recheck, type RecheckPace } from './recheck'
import { ALIAS, type TableRecord } from './record'
import type { Relation } from './relations'
import { endOfLog, replayed } from './replica'
import { readSequences } from './sequences'

export interface CompareDatabasesOptions extends FingerprintOptions {
  readonly recheck: RecheckPace
  readonly leaveOut?: readonly CatalogKind[]
}

/** How one database compares with another, and which rows of it do not. */
export interface DatabaseComparison extends Comparison {
  readonly source: FingerprintOrigin
  readonly copy?: FingerprintOrigin
  readonly relation: 'replica' | 'physical' | 'logical'
  readonly differences: readonly TableDifference[]
}

/** Sessions with one database; the first ones hold its snapshot. */
export type Sessions = readonly [Client, ...Client[]]

/**
 * Compares a database with a copy of it while both may go on. A replica is read once it has replayed what the source's snapshot
 * sees, and whatever differs then is looked at again until it is known whether it only moved. Any other copy is of a moment of
 * its own: a difference counts as one where neither side changed while it was compared, else nothing is said of it.
 */
export async function compareDatabases(
  source: Sessions,
  copy: Sessions,
  options: CompareDatabasesOptions,
): Promise<DatabaseComparison> {
  const relation = await relationOf(source[0], copy[0])
  const held = await withHeldDatabase(source, options, async (expected) => {
    const isThere = relation !== 'replica' || (await caughtUp(source[0], copy[0], options))
    return isThere ? withHeldDatabase(copy, options, (found) => examine(expected, found)) : expected.origin
  })
  if (!('findings' in held)) return replicaBehind(held)
  return settle(source, copy, { relation, options, ...held })

  async function examine(expected: HeldDatabase, found: HeldDatabase): Promise<Examined> {
    const [one, other] = await Promise.all([expected.fingerprint(), found.fingerprint()])
    const kind = relation === 'logical' ? 'logical' : 'physical'
    const { findings, ...comparison } = compareFingerprints(one, other, { ...options, copy: kind })
    const rows = new Map<string, Suspicious>()
    for (const { object } of findings.filter(({ code }) => code === 'CONTENT_DIFFERS')) {
      const before = sideOf(expected, object, relation === 'replica')
      const after = sideOf(found, object, relation === 'replica')
      // Without a common key, or with other columns, rows cannot be told from one another.
      if (before && after && before.table.record.columns === after.table.record.columns)
        rows.set(object, { table: before.table, ...(await differingRows(before, after)) })
    }
    const relations = new Map(expected.relations.map((known) => [known.name, known]))
    return { ...comparison, findings, rows, expected: one, found: other, relations, records: expected.records }
  }
}

/** A table in which rows differ between two snapshots. */
interface Suspicious extends DifferingRows {
  readonly table: KeyedTable
}

interface Examined extends Comparison {
  readonly rows: ReadonlyMap<string, Suspicious>
  readonly expected: DatabaseFingerprint
  readonly found: DatabaseFingerprint
  readonly relations: ReadonlyMap<string, Relation>
  readonly records: ReadonlyMap<string, TableRecord>
}

interface Settling extends Examined {
  readonly relation: DatabaseComparison['relation']
  readonly options: CompareDatabasesOptions
}

async function relationOf(source: Client, copy: Client): Promise<DatabaseComparison['relation']> {
  const [one, other] = [await identified(source), await identified(copy)]
  if (one.cluster === undefined || one.cluster !== other.cluster || one.database !== other.database) return 'logical'
  return other.replays && !one.replays ? 'replica' : 'physical'
}

async function identified(client: Client) {
  const { rows } = await client.query<{ may: boolean; replays: boolean; database: string }>(
    `select has_function_privilege('pg_control_system()', 'execute') as may, pg_is_in_recovery() as replays, current_database() as database`,
  )
  const { may, ...known } = rows[0]!
  return { ...known, cluster: may ? await systemIdentifier(client) : undefined }
}

const caughtUp = async (source: Client, copy: Client, options: CompareDatabasesOptions): Promise<boolean> =>
  replayed(copy, await endOfLog(source), options.recheck.replicaWaitMs)

function replicaBehind(source: FingerprintOrigin): DatabaseComparison {
  const finding: Finding = { code: 'REPLICA_BEHIND', object: 'replica', verdict: 'inconclusive' }
  const verdict = 'inconclusive'
  return { verdict, findings: [finding], tables: 0, objects: 0, source, relation: 'replica', differences: [] }
}

function sideOf(database: HeldDatabase, name: string, byPlace: boolean): TableSide | undefined {
  const relation = database.relations.find((known) => known.name === name)
  const record = relation && database.records.get(relation.oid)
  if (!record) return undefined
  if (relation.key) return { database, table: { relation: { ...relation, key: relation.key }, record } }
  return byPlace ? { database, table: placed(relation, record) } : undefined
}

/** A table without a key as its replica has it: each row in the same place of the file, and none ever moves. */
const placed = (relation: Relation, record: TableRecord): KeyedTable => ({
  relation: { ...relation, key: ['ctid'], keyTypes: ['tid'], surrogate: 'place' },
  record: { ...record, byColumn: new Map([...record.byColumn, ['ctid', `${ALIAS}.ctid`]]) },
})

/** Findings that say that the two are not the same, each of which may be a matter of the moment. */
const MAY_PASS = [
  'CONTENT_DIFFERS',
  'SEQUENCE_BEHIND',
  'OBJECT_DIFFERS',
  'OBJECT_MISSING',
  'OBJECT_UNEXPECTED',
  'TABLE_MISSING',
  'TABLE_UNEXPECTED',
]

async function settle(source: Sessions, copy: Sessions, examined: Settling): Promise<DatabaseComparison> {
  const judge = examined.relation === 'replica' ? againstReplica : againstCopy
  const doubtful = examined.findings.filter(({ code, verdict }) => MAY_PASS.includes(code) && verdict === 'fail')
  const judged = doubtful.length === 0 ? NOTHING_DOUBTFUL : await judge(source, copy, examined, doubtful)
  const findings = [...examined.findings.filter((finding) => !doubtful.includes(finding)), ...judged.findings]
  const { tables, objects, relation, expected, found } = examined
  return {
    verdict: worst(findings.map(({ verdict }) => verdict)),
    findings,
    tables,
    objects,
    source: expected.origin,
    copy: found.origin,
    relation,
    differences: judged.differences,
  }
}

interface Judged {
  readonly findings: readonly Finding[]
  readonly differences: readonly TableDifference[]
}

const NOTHING_DOUBTFUL: Judged = { findings: [], differences: [] }

async function againstReplica(
  [source]: Sessions,
  [copy]: Sessions,
  { rows, options }: Settling,
  doubtful: readonly Finding[],
): Promise<Judged> {
  const findings: Finding[] = []
  const differences: TableDifference[] = []
  const again = (
    ids: readonly string[],
    read: (client: Client, ids: readonly string[]) => Promise<Map<string, Seen>>,
  ) => recheck(source, copy, { ids, read }, options.recheck)
  for (const finding of doubtful.filter(({ code }) => code === 'CONTENT_DIFFERS')) {
    const suspicious = rows.get(finding.object)
    if (!suspicious) {
      // Its columns changed in between; whether they differ is asked of the catalog.
      findings.push(moving(finding))
      continue
    }
    const keys = new Map(suspicious.rows.map((row) => [nameOf(row.key), row.key]))
    const judged = await again([...keys.keys()], (client, ids) =>
      rowsOf(
        client,
        suspicious.table,
        ids.map((id) => keys.get(id)!),
      ),
    )
    if (judged.differing.length === 0 && judged.moving.length === 0 && suspicious.complete) continue
    differences.push(told(suspicious, judged))
    findings.push(judged.differing.length > 0 ? finding : moving(finding))
  }
  const objects = new Map(doubtful.filter(isOfCatalog).map((finding) => [inCatalog(finding), finding]))
  if (objects.size > 0) {
    const judged = await again([...objects.keys()], async (client) => catalogObjects(await fingerprintCatalog(client)))
    findings.push(...judged.differing.map((id) => objects.get(id)!))
    findings.push(...judged.moving.map((id) => moving(objects.get(id)!)))
  }
  // The replica had replayed the log beyond the moment at which the source's were read.
  findings.push(...doubtful.filter(({ code }) => code === 'SEQUENCE_BEHIND'))
  return { findings, differences }
}

/** Both sides once more: a difference stands where each still is what it was. */
async function againstCopy(
  [source]: Sessions,
  [copy]: Sessions,
  { rows, expected, found, relations, records }: Settling,
  doubtful: readonly Finding[],
): Promise<Judged> {
  const sides = [
    { client: source, was: expected },
    { client: copy, was: found },
  ]
  const still = async (check: (side: (typeof sides)[number]) => Promise<boolean>) =>
    (await Promise.all(sides.map(check))).every(Boolean)
  const contentStands = (table: string): Promise<boolean> =>
    still(async ({ client, was }) => {
      for (const before of was.tables.filter((known) => known.table === table || known.dealtBy === table)) {
        const relation = relations.get(before.table)
        if (!relation) continue
        const statement = hashStatement(relation, records.get(relation.oid)!)
        if (!sameContent(before, await atPresent(client, () => contentBy(client, statement)))) return false
      }
      return true
    })
  const catalogs = await Promise.all(
    sides.map(async ({ client, was }) => ({
      was: catalogObjects(was.catalog),
      is: await atPresent(client, async () => catalogObjects(await fingerprintCatalog(client))),
    })),
  )
  const sequences = await atPresent(source, () => readSequences(source))
  const stands = async (finding: Finding): Promise<boolean> => {
    if (finding.code === 'CONTENT_DIFFERS') return contentStands(finding.object)
    if (finding.code === 'SEQUENCE_BEHIND')
      return expected.sequences.some(
        ({ sequence, first }) =>
          sequence === finding.object &&
          sequences.read.some(({ sequence: name, value }) => name === sequence && value === first.value),
      )
    const id = inCatalog(finding)
    return catalogs.every(({ was, is }) => was.get(id)?.hash === is.get(id)?.hash)
  }
  const findings: Finding[] = []
  for (const finding of doubtful) findings.push((await stands(finding)) ? finding : moving(finding))
  return { findings, differences: [...rows.values()].map((suspicious) => told(suspicious)) }
}

const isOfCatalog = ({ code }: Finding): boolean => code !== 'CONTENT_DIFFERS' && code !== 'SEQUENCE_BEHIND'

/** Under which name a finding's object stands in the catalog. */
const inCatalog = ({ code, object }: Finding): string => (code.startsWith('TABLE_') ? `tables: ${object}` : object)

const catalogObjects = (catalog: CatalogFingerprint): Map<string, Seen> =>
  new Map(
    Object.entries(catalog).flatMap(([kind, objects]) =>
      objects.map(({ object, hash }) => [`${kind}: ${object}`, { version: hash, hash }] as const),
    ),
  )

/** What may be a difference and may be a write that came in between. */
const moving = ({ object }: Finding): Finding => ({ code: 'CHANGED_MEANWHILE', object, verdict: 'inconclusive' })

/** Rows that are told one by one. */
const TOLD_ROWS = 20

function told({ table, rows, of, complete }: Suspicious, judged?: Rechecked): TableDifference {
  const differing = judged ? rows.filter(({ key }) => judged.differing.includes(nameOf(key))) : rows
  const count = (how: ToldRow['how']) => differing.filter((row) => row.how === how).length
  return {
    table: table.relation.name,
    missing: count('missing'),
    unexpected: count('unexpected'),
    changed: count('changed'),
    moving: judged?.moving.length ?? 0,
    complete,
    buckets: of,
    rows: differing.slice(0, TOLD_ROWS).map(({ key, how, bucket }) => ({
      how,
      bucket,
      ...(table.relation.surrogate && { key: key[0]! }),
    })),
  }
}
