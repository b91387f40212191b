import type { DataClass } from '../../core/ports/archive-disposal'
import { LARGEST_READ_BYTES, type ArchiveIntake, type StagedObject } from '../../core/ports/archive-intake'
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
    return (
      found && {
        id,
        status: found.status,
        warned: found.warned,
        snapshot: found.snapshot,
        ...(found.endedAt !== undefined && { endedAt: found.endedAt }),
      }
    )
  }

  async start(task: { id: string; snapshot: string; tables: readonly string[] }): Promise<void> {
    if (!this.tasks.has(task.id)) this.tasks.set(task.id, { ...task, status: 'running', warned: false })
  }

  end(id: string, status: 'complete' | 'failed', warned = false, endedAt?: string): void {
    this.tasks.set(id, { ...this.tasks.get(id)!, status, warned, ...(endedAt !== undefined && { endedAt }) })
  }
}

/** An archive in memory, and the place where exports are written. */
export class MemoryArchiveIntake implements ArchiveIntake {
  readonly stagedObjects: (StagedObject & { readonly text?: string })[] = []
  /** Bytes or text by `class/key`. */
  readonly kept = new Map<string, number | string>()

  async *staged(prefix: string): AsyncIterable<StagedObject> {
    const below = this.stagedObjects.filter(({ key }) => key.startsWith(prefix))
    for (const { key, bytes } of below.toSorted((a, b) => (a.key < b.key ? -1 : 1))) yield { key, bytes }
  }

  async read({ key }: StagedObject): Promise<string> {
    const found = this.stagedObjects.find((staged) => staged.key === key)
    if (!found) throw new PortError('conflict', 'NoSuchKey', `nothing is staged as '${key}'`)
    if (found.bytes > LARGEST_READ_BYTES) throw new PortError('invalid', 'OBJECT_TOO_LARGE', `'${key}' is too large`)
    return found.text ?? ''
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
