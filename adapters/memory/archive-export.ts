import type { DataClass } from '../../core/ports/archive-disposal'
import type { ArchiveIntake, StagedObject } from '../../core/ports/archive-intake'
import { PortError } from '../../core/ports/errors'
import type { ExportTask, SnapshotExports } from '../../core/ports/snapshot-exports'

/** Exports in memory: a task runs until the test ends it. */
export class MemorySnapshotExports implements SnapshotExports {
  readonly snapshots: { readonly arn: string; readonly takenAt: string }[] = []
  readonly tasks = new Map<string, ExportTask & { readonly tables: readonly string[] }>()

  async newestSnapshot(): Promise<{ arn: string; takenAt: string } | undefined> {
    return this.snapshots.toSorted((a, b) => b.takenAt.localeCompare(a.takenAt))[0]
  }

  async task(id: string): Promise<ExportTask | undefined> {
    const found = this.tasks.get(id)
    return found && { id, status: found.status, snapshot: found.snapshot }
  }

  async start(task: { id: string; snapshot: string; tables: readonly string[] }): Promise<void> {
    if (!this.tasks.has(task.id)) this.tasks.set(task.id, { ...task, status: 'running' })
  }

  end(id: string, status: 'complete' | 'failed'): void {
    this.tasks.set(id, { ...this.tasks.get(id)!, status })
  }
}

/** An archive in memory, and the place where exports are written. */
export class MemoryArchiveIntake implements ArchiveIntake {
  readonly stagedObjects: StagedObject[] = []
  /** Bytes or text by `class/key`. */
  readonly kept = new Map<string, number | string>()

  async *staged(prefix: string): AsyncIterable<StagedObject> {
    yield* this.stagedObjects.filter(({ key }) => key.startsWith(prefix)).toSorted((a, b) => (a.key < b.key ? -1 : 1))
  }

  async holds(dataClass: DataClass, key: string): Promise<boolean> {
    return this.kept.has(`${dataClass}/${key}`)
  }

  async take(dataClass: DataClass, from: StagedObject, key: string): Promise<void> {
    const found = this.stagedObjects.find((staged) => staged.key === from.key)
    if (!found) throw new PortError('conflict', 'NoSuchKey', `nothing is staged as '${from.key}'`)
    this.kept.set(`${dataClass}/${key}`, found.bytes)
  }

  async write(dataClass: DataClass, key: string, text: string): Promise<void> {
    if (!this.kept.has(`${dataClass}/${key}`)) this.kept.set(`${dataClass}/${key}`, text)
  }
}
