import { createHash } from 'node:crypto'
import type { Policy } from '../policy'
import type { ArchiveIntake } from '../ports/archive-intake'
import type { DataClass } from '../ports/archive-disposal'
import type { Clock } from '../ports/clock'
import type { EvidenceLog } from '../ports/evidence-log'
import type { ExportTask, SnapshotExports } from '../ports/snapshot-exports'
import { archivedClasses } from './classes'

export interface ExportWorld {
  readonly policy: Policy
  readonly exports: SnapshotExports
  readonly archive: ArchiveIntake
  readonly evidence: EvidenceLog
  readonly clock: Clock
}

/**
 * How far the export of a class for a month is:
 * - `no-snapshot`: there is nothing to export yet; `exporting`: AWS writes files; `copying`: they are being taken in
 * - `archived`: everything is kept, with a manifest; `failed`: every attempt of the month ended badly
 */
export type ExportState = 'no-snapshot' | 'exporting' | 'copying' | 'archived' | 'failed'

export interface ExportProgress {
  readonly dataClass: DataClass
  readonly month: string
  readonly state: ExportState
  /** Whether the month's export should have been archived by now. */
  readonly late: boolean
}

/** Tables of a class that its archive keeps. What rests on consent alone can be withdrawn, and is never among them. */
export const archivedTables = ({ stores }: Pick<Policy, 'stores'>, dataClass: DataClass): string[] =>
  stores
    .filter(
      ({ kind, archive, restsOn, ...store }) =>
        kind === 'table' && store.dataClass === dataClass && archive.mode === 'long-term' && restsOn !== 'consent',
    )
    .map(({ id }) => id)

/**
 * Takes the export of the current month one step on, for each class that has tables: starts it, waits for it, takes its
 * files into the archive, and closes it with a manifest and evidence. Called again and again; after a crash it goes on where
 * it was. Files are listed and copied one by one, so that memory does not grow with the database.
 */
export async function exportToArchive(world: ExportWorld): Promise<ExportProgress[]> {
  const { policy, clock } = world
  const { copyMinutes, dueByDay } = policy.archive.export
  const startedAt = clock.now()
  const month = startedAt.toISOString().slice(0, 7)
  const stopAtMs = clock.monotonicMs() + copyMinutes * 60_000
  const progress: ExportProgress[] = []
  for (const dataClass of archivedClasses(policy)) {
    const tables = archivedTables(policy, dataClass)
    if (tables.length === 0) continue
    const state = await step(world, { dataClass, month, tables, stopAtMs })
    const late = state !== 'archived' && startedAt.getUTCDate() > dueByDay
    progress.push({ dataClass, month, state, late: late || state === 'failed' })
  }
  return progress
}

interface MonthlyExport {
  readonly dataClass: DataClass
  readonly month: string
  readonly tables: readonly string[]
  readonly stopAtMs: number
}

const folderOf = ({ month }: MonthlyExport): string => `exports/${month}/`
const manifestOf = (wanted: MonthlyExport): string => `${folderOf(wanted)}manifest.json`

async function step(world: ExportWorld, wanted: MonthlyExport): Promise<ExportState> {
  const { exports, archive, policy } = world
  if (await archive.holds(wanted.dataClass, manifestOf(wanted))) return 'archived'
  for (let attempt = 1; attempt <= policy.archive.export.attempts; attempt += 1) {
    const id = `archive-${wanted.dataClass}-${wanted.month}-${attempt}`
    const task = await exports.task(id)
    if (!task) return begin(world, wanted, id)
    if (task.status === 'running') return 'exporting'
    if (task.status === 'complete') return takeIn(world, wanted, task)
  }
  return 'failed'
}

async function begin({ exports }: ExportWorld, { tables }: MonthlyExport, id: string): Promise<ExportState> {
  const snapshot = await exports.newestSnapshot()
  if (!snapshot) return 'no-snapshot'
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
    const key = folderOf(wanted) + staged.key.slice(task.id.length + 1)
    if (!(await archive.holds(dataClass, key))) await archive.take(dataClass, staged, key)
    list.update(`${key} ${staged.bytes}\n`)
    objects += 1
    bytes += staged.bytes
  }
  // A task that is complete has written at least what it says of itself.
  if (objects === 0) return 'failed'
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
