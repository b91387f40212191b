/** One task that writes tables of a snapshot as files. */
export interface ExportTask {
  readonly id: string
  readonly status: 'running' | 'complete' | 'failed'
  /** Whether it left something out and said so. */
  readonly warned: boolean
  readonly snapshot: string
  /** When it ended, where it has. */
  readonly endedAt?: string
}

/** The snapshots of the serving database of a region, and the tasks that export them. */
export interface SnapshotExports {
  /** The newest snapshot that can be exported; undefined where there is none. */
  newestSnapshot(): Promise<{ readonly arn: string; readonly takenAt: string } | undefined>
  /** Undefined where no task has the id. */
  task(id: string): Promise<ExportTask | undefined>
  /** Starts a task that writes exactly the named tables, as `schema.table`, below its id. Nothing happens where it exists. */
  start(task: { readonly id: string; readonly snapshot: string; readonly tables: readonly string[] }): Promise<void>
}
