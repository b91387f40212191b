import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Measured } from '../backup/measured'
import type { Verdict } from '../integrity/verdict'
import type { DataClass } from '../ports/archive-disposal'
import type { ArchivedObject, ArchiveReading, IndependentReaders } from '../ports/archive-reading'
import type { Clock } from '../ports/clock'
import { isPortError } from '../ports/errors'
import type { EvidenceLog } from '../ports/evidence-log'

export interface ReadBackWorld {
  readonly archive: ArchiveReading
  readonly readers: IndependentReaders
  readonly evidence: EvidenceLog
  readonly clock: Clock
  /** Classes that have an archive and tables in it. */
  readonly classes: readonly DataClass[]
  readonly parts: readonly ArchivePart[]
}

/** In which form an archive keeps a class: as a dump that PostgreSQL restores, or as files that anybody reads. */
export const ARCHIVE_PARTS = ['dump', 'export'] as const
export type ArchivePart = (typeof ARCHIVE_PARTS)[number]

export type ReadBackCode =
  /** There is none to read, or the manifest is none. */
  | 'DUMP_MISSING'
  | 'EXPORT_MISSING'
  | 'MANIFEST_FORM'
  /** It is not the bytes, or not the files, that the manifest tells. */
  | 'BYTES_DIFFER'
  | 'LIST_DIFFERS'
  /** The reader of somebody else makes nothing of it. */
  | 'UNREADABLE'
  /** It reads, and has other rows or not every table. */
  | 'ROWS_DIFFER'
  | 'TABLE_MISSING'

/** Kind and writer of its records, and what each of them is about. */
export const READ_BACK = 'archive-read-back'
export const readBackSubject = (dataClass: DataClass, part: ArchivePart): string => `${dataClass}-${part}`

export interface ReadBackFinding {
  readonly code: ReadBackCode
  readonly subject: string
}

export interface ReadBackPart {
  readonly dataClass: DataClass
  readonly part: ArchivePart
  readonly verdict: Verdict
  /** The object, or the files, that were read to the end. */
  readonly read: readonly string[]
  readonly rows: number
  readonly findings: readonly ReadBackFinding[]
}

const dumpForm = z.looseObject({
  key: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  tables: z.array(z.looseObject({ table: z.string(), rows: z.string() })),
})
const exportForm = z.looseObject({
  task: z.string(),
  tables: z.array(z.string()),
  objects: z.number(),
  bytes: z.number(),
  listHash: z.string(),
})

/**
 * Reads a sample of the archive back by readers that are not ours, and compares it with what its manifests tell: the newest
 * dump of each class as a whole, and of its newest export the list of all files and one file of each table, which the moment
 * chooses. Leaves evidence for each part.
 */
export async function readBack(world: ReadBackWorld): Promise<ReadBackPart[]> {
  const parts: ReadBackPart[] = []
  for (const dataClass of world.classes)
    for (const part of world.parts) {
      const startedAt = world.clock.now()
      const found = await (part === 'dump' ? dumpOf(world, dataClass) : exportOf(world, dataClass, startedAt))
      const read = { dataClass, part, ...found, verdict: verdictOf(found.findings) }
      await record(world, read, startedAt)
      parts.push(read)
    }
  return parts
}

type Found = Pick<ReadBackPart, 'read' | 'rows' | 'findings'>
const nothing = (code: ReadBackCode, subject: string): Found => ({ read: [], rows: 0, findings: [{ code, subject }] })

/** That nobody has written anything yet is no failure of what is there, and no pass. */
const NOT_THERE: ReadonlySet<ReadBackCode> = new Set(['DUMP_MISSING', 'EXPORT_MISSING'])
const verdictOf = (findings: readonly ReadBackFinding[]): Verdict => {
  if (findings.length === 0) return 'pass'
  return findings.every(({ code }) => NOT_THERE.has(code)) ? 'inconclusive' : 'fail'
}

async function dumpOf({ archive, readers }: ReadBackWorld, dataClass: DataClass): Promise<Found> {
  const at = await newest(archive, dataClass, 'dumps/')
  if (at === undefined) return nothing('DUMP_MISSING', dataClass)
  const manifest = dumpForm.safeParse(await json(archive, dataClass, at))
  if (!manifest.success) return nothing('MANIFEST_FORM', at)
  const { key, bytes, sha256, tables } = manifest.data
  const measured = new Measured()
  const rows = await attempt(() => readers.dump(measured.of(archive.read(dataClass, key))))
  if (!rows) return nothing('UNREADABLE', key)
  const findings: ReadBackFinding[] = []
  const result = measured.result()
  if (result.bytes !== bytes || result.sha256 !== sha256) findings.push({ code: 'BYTES_DIFFER', subject: key })
  for (const { table, rows: wanted } of tables) {
    const held = rows.get(table)
    if (held === undefined) findings.push({ code: 'TABLE_MISSING', subject: table })
    else if (BigInt(held) !== BigInt(wanted)) findings.push({ code: 'ROWS_DIFFER', subject: table })
  }
  return { read: [key], rows: [...rows.values()].reduce((sum, one) => sum + one, 0), findings }
}

async function exportOf({ archive, readers }: ReadBackWorld, dataClass: DataClass, now: Date): Promise<Found> {
  const at = await newest(archive, dataClass, 'exports/')
  if (at === undefined) return nothing('EXPORT_MISSING', dataClass)
  const manifest = exportForm.safeParse(await json(archive, dataClass, at))
  if (!manifest.success) return nothing('MANIFEST_FORM', at)
  const { task, tables, ...told } = manifest.data
  const folder = `${at.slice(0, -'manifest.json'.length)}${task}/`
  const list = createHash('sha256')
  const sample = new Map(
    tables.map((table): [string, Sampled] => [table, new Sampled(`${now.toISOString()} ${table}`)]),
  )
  let [objects, bytes] = [0, 0]
  for await (const object of archive.objects(dataClass, folder)) {
    list.update(`${object.key} ${object.bytes}\n`)
    objects += 1
    bytes += object.bytes
    if (object.key.endsWith('.parquet')) sample.get(tableIn(object.key.slice(folder.length)))?.see(object)
  }
  const findings: ReadBackFinding[] = []
  if (objects !== told.objects || bytes !== told.bytes || list.digest('hex') !== told.listHash)
    findings.push({ code: 'LIST_DIFFERS', subject: folder })
  const read: string[] = []
  let rows = 0
  for (const [table, { chosen }] of sample) {
    if (!chosen) findings.push({ code: 'TABLE_MISSING', subject: table })
    else {
      const content = await attempt(() => readers.parquet(archive.read(dataClass, chosen.key)))
      if (!content || content.columns.length === 0) findings.push({ code: 'UNREADABLE', subject: chosen.key })
      else rows += content.rows
      read.push(chosen.key)
    }
  }
  return { read, rows, findings }
}

/** One of a stream, each as likely as any other, by chance that can be looked up again: nothing is kept but the one. */
class Sampled {
  chosen: ArchivedObject | undefined
  private lowest: string | undefined

  constructor(private readonly seed: string) {}

  see(object: ArchivedObject): void {
    const lot = createHash('sha256').update(`${this.seed} ${object.key}`).digest('hex')
    if (this.lowest !== undefined && lot >= this.lowest) return
    this.lowest = lot
    this.chosen = object
  }
}

/** RDS puts the files of a table below `database/schema.table/` (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.html). */
const tableIn = (path: string): string => path.split('/')[1] ?? ''

/** The newest manifest: keys begin with the time that they are of. */
async function newest(archive: ArchiveReading, dataClass: DataClass, prefix: string): Promise<string | undefined> {
  let last: string | undefined
  for await (const { key } of archive.objects(dataClass, prefix))
    if (/^[^/]+\/[^/]+\/manifest\.json$/.test(key)) last = key
  return last
}

async function json(archive: ArchiveReading, dataClass: DataClass, key: string): Promise<unknown> {
  const chunks: Uint8Array[] = []
  for await (const chunk of archive.read(dataClass, key)) chunks.push(chunk)
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}

/** Undefined for what is not there or cannot be read; whoever could not be asked has said nothing, and is thrown. */
async function attempt<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (isPortError(error) && error.failure === 'invalid') return undefined
    throw error
  }
}

async function record({ evidence, clock }: ReadBackWorld, read: ReadBackPart, startedAt: Date): Promise<void> {
  const { dataClass, part, verdict, rows, findings } = read
  await evidence.append({
    key: `${READ_BACK}/${dataClass}/${part}/${startedAt.toISOString()}`,
    kind: READ_BACK,
    subject: readBackSubject(dataClass, part),
    startedAt: startedAt.toISOString(),
    finishedAt: clock.now().toISOString(),
    outcome: verdict === 'pass' ? 'succeeded' : verdict === 'fail' ? 'failed' : 'inconclusive',
    measurements: { dataClass, part, objects: read.read.length, rows, findings: findings.map((one) => ({ ...one })) },
    artefacts: [],
    controls: [],
    actor: READ_BACK,
  })
}
