import { sha256 } from '../../core/evidence'
import type { InstanceRef } from '../../core/ports/database'
import type { CountedRows, LaterWrites, LaterWritesList, LaterWritesRequest } from '../../core/ports/later-writes'
import { laterListName } from '../postgres/later-writes'

interface Row {
  readonly table: string
  readonly id: string
  /** When it was written, or deleted; in ISO 8601. */
  readonly at: string
  /** Its commit stands behind later ones in the log, so that no copy of its moment holds it. */
  readonly behindInLog?: true
}

/** Rows with the moments at which they were written or deleted, as a database and its recovered copy tell them together. */
export class MemoryLaterWrites implements LaterWrites {
  /** What is told whatever was written. @default what was */
  told: LaterWritesList | undefined
  /** Lists by their names, as they were kept. */
  readonly kept = new Map<string, string>()
  private readonly written: Row[] = []
  private readonly deleted: Row[] = []

  constructor(private readonly knownSince: string) {}

  write(row: Row): void {
    this.written.push(row)
  }

  delete(row: Row): void {
    this.deleted.push(row)
  }

  async list(_: InstanceRef, { key, since, reachBackSeconds }: LaterWritesRequest): Promise<LaterWritesList> {
    if (this.told) return this.told
    const from = Date.parse(since)
    if (from < Date.parse(this.knownSince)) return { kind: 'inconclusive', code: 'COMMIT_TIMES_TOO_YOUNG' }
    const reach = from - reachBackSeconds * 1000
    const later = (rows: readonly Row[]) =>
      rows.filter(({ at, behindInLog }) => Date.parse(at) >= (behindInLog ? reach : from))
    const [written, deleted] = [later(this.written), later(this.deleted)]
    const name = laterListName(key)
    const text = [
      ...written.map(({ table, id }) => ({ table, id })),
      ...deleted.map(({ table, id }) => ({ table, id, deleted: true })),
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join('')
    this.kept.set(name, text)
    return {
      kind: 'listed',
      tables: counted(written),
      deleted: counted(deleted),
      artefact: { name, sha256: sha256(text) },
    }
  }
}

const counted = (rows: readonly Row[]): CountedRows[] =>
  [...new Set(rows.map(({ table }) => table))].map((table) => ({
    table,
    rows: rows.filter((row) => row.table === table).length,
  }))
