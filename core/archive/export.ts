import { createHash } from 'node:crypto'
import type { Policy } from '../policy'
import type { ArchiveIntake } from '../ports/archive-intake'
import type { DataClass } from '../ports/archive-disposal'
import type { Clock } from '../ports/clock'
import { isPortError } from '../ports/errors'
import type { EvidenceLog } from '../ports/evidence-log'
import type { ExportTask, SnapshotExports } from '../ports/snapshot-exports'
import { archivedClasses, archivedTables } from './classes'
import { tablesNotWhole } from './export-tables'

export interface ExportWorld {
  readonly policy: Policy
  readonly exports: SnapshotExports
  readonly archive: ArchiveIntake
  readonly evidence: EvidenceLog
  readonly clock: Clock
}

/**
 * How far the export of a class for a month is:
 * - `no-snapshot`: the month has no snapshot yet; `exporting`: AWS writes files; `copying`: they are being taken in
 * - `archived`: everything is kept, with a manifest; `failed`: every attempt of the month ended badly or left rows out
 * - `interrupted`: a call failed, and the next run goes on
 */
export type ExportState = 'no-snapshot' | 'exporting' | 'copying' | 'archived' | 'failed' | 'interrupted'

export interface ExportProgress {
  readonly dataClass: DataClass
  readonly month: string
  readonly state: ExportState
  /** Whether an export should have been archived by now, of this month or of the one before. */
  readonly late: boolean
  /** Code of the call that failed, where one did. */
  readonly code?: string
}

/**
 * Takes the export of the current month one step on, for each class that has tables: starts it, waits for it, takes its
 * files into the archive, and closes it with a manifest and evidence. Called again and again; after a crash it goes on where
 * it was. Files are listed and copied one by one, so that memory does not grow with the database. A class that cannot go
 * on does not hold back the others.
 */
export async function exportToArchive(world: ExportWorld): Promise<ExportProgress[]> {
  const { policy, clock } = world
  const { copyMinutes, dueByDay } = policy.archive.export
  const startedAt = clock.now()
  const [month, monthBefore] = [startedAt, lastDayOfMonthBefore(startedAt)].map((date) =>
    date.toISOString().slice(0, 7),
  )
  const stopAtMs = clock.monotonicMs() + copyMinutes * 60_000
  const progress: ExportProgress[] = []
  for (const dataClass of archivedClasses(policy)) {
    const tables = archivedTables(policy, dataClass)
    if (tables.length === 0) continue
    const reached = await caught(() => step(world, { dataClass, month: month!, tables, stopAtMs }))
    const due = startedAt.getUTCDate() > dueByDay || (await wasNotArchived(world, dataClass, monthBefore!))
    const late = reached.state === 'failed' || (reached.state !== 'archived' && due)
    progress.push({ dataClass, month: month!, ...reached, late })
  }
  return progress
}

const lastDayOfMonthBefore = (date: Date): Date => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 0))

async function caught(run: () => Promise<ExportState>): Promise<Pick<ExportProgress, 'state' | 'code'>> {
  try {
    return { state: await run() }
  } catch (error) {
    if (isPortError(error)) return { state: 'interrupted', code: error.code }
    throw error
  }
}

interface MonthlyExport {
  readonly dataClass: DataClass
  readonly month: string
  readonly tables: readonly string[]
  readonly stopAtMs: number
}

type Month = Pick<MonthlyExport, 'dataClass' | 'month'>
/** Of one task: rows of two snapshots never lie side by side. */
const folderOf = ({ month }: Month, task: string): string => `exports/${month}/${task}/`
const manifestOf = ({ month }: Month): string => `exports/${month}/manifest.json`
const taskOf = ({ dataClass, month }: Month, attempt: number): string => `archive-${dataClass}-${month}-${attempt}`

/**
 * Whether a month was begun and never ended: what a failure of it is until the next month is archived, whose snapshot holds
 * the same rows. An archive that cannot be asked counts as one that has it, since the step itself says so already.
 */
async function wasNotArchived(
  { exports, archive }: ExportWorld,
  dataClass: DataClass,
  month: string,
): Promise<boolean> {
  try {
    if (await archive.holds(dataClass, manifestOf({ dataClass, month }))) return false
    return (await exports.task(taskOf({ dataClass, month }, 1))) !== undefined
  } catch (error) {
    if (isPortError(error)) return false
    throw error
  }
}

async function step(world: ExportWorld, wanted: MonthlyExport): Promise<ExportState> {
  const { exports, archive, policy } = world
  if (await archive.holds(wanted.dataClass, manifestOf(wanted))) return 'archived'
  for (let attempt = 1; attempt <= policy.archive.export.attempts; attempt += 1) {
    const id = taskOf(wanted, attempt)
    const task = await exports.task(id)
    if (!task) return begin(world, wanted, id)
    if (task.status === 'running') return 'exporting'
    if (task.status === 'complete' && isThere(world, task) && (await isWhole(archive, task, wanted)))
      return takeIn(world, wanted, task)
  }
  return 'failed'
}

/** Whether all that a task has written is staged still: what lies there leaves after the days of the policy, file by file. */
const isThere = ({ policy, clock }: ExportWorld, { endedAt }: ExportTask): boolean =>
  endedAt === undefined ||
  clock.now().getTime() < new Date(endedAt).getTime() + (policy.archive.export.stagedDays - 1) * 86_400_000

const isWhole = async (archive: ArchiveIntake, { id, warned }: ExportTask, { tables }: MonthlyExport) =>
  !warned && (await tablesNotWhole(archive, id, tables)).length === 0

async function begin({ exports }: ExportWorld, { tables, month }: MonthlyExport, id: string): Promise<ExportState> {
  const snapshot = await exports.newestSnapshot()
  // One of a month before would archive what was, under the name of what is.
  if (!snapshot || snapshot.takenAt.slice(0, 7) !== month) return 'no-snapshot'
  await exports.start({ id, snapshot: snapshot.arn, tables })
  return 'exporting'
}

async function takeIn(world: ExportWorld, wanted: MonthlyExport, task: ExportTask): Promise<ExportState> {
  const { archive, clock, evidence } = world
  const { dataClass, month, tables } = wanted
  const startedAt = clock.now().toISOString()
  const list = createHash('sha256')
  let objects = 0
  let bytes = 0
  for await (const staged of archive.staged(`${task.id}/`)) {
    if (clock.monotonicMs() >= wanted.stopAtMs) return 'copying'
    const key = folderOf(wanted, task.id) + staged.key.slice(task.id.length + 1)
    if (!(await archive.holds(dataClass, key))) await archive.take(dataClass, staged, key)
    list.update(`${key} ${staged.bytes}\n`)
    objects += 1
    bytes += staged.bytes
  }
  const manifest = { task: task.id, snapshot: task.snapshot, tables, objects, bytes, listHash: list.digest('hex') }
  await evidence.append({
    key: `archive-export/${dataClass}/${month}`,
    kind: 'archive-export',
    subject: `${dataClass}-${month}`,
    startedAt,
    finishedAt: clock.now().toISOString(),
    outcome: 'succeeded',
    measurements: { dataClass, month, objects, bytes, listHash: manifest.listHash, tables: tables.length },
    artefacts: [],
    controls: [],
    actor: 'archive-export',
  })
  // Last of all: what has a manifest is done.
  await archive.write(dataClass, manifestOf(wanted), `${JSON.stringify(manifest, undefined, 2)}\n`)
  return 'archived'
}
