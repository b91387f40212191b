import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import type { Client } from 'pg'
import type { Workload } from '../adapters/local/workload'
import { absentFrom } from '../adapters/postgres/absent'
import { measureLoss, type AttemptId, type Loss } from '../adapters/postgres/loss'
import { disagreements, type Artefact } from '../core/measurement'
import type { AttemptList } from '../core/reporting'
import { readEvents, readIds } from './logs'

/** Ids a report shows; the list beside it holds them all. */
const SHOWN_IDS = 20

/** What became of the clients' transactions, counted by two logs. */
export interface CountedLoss {
  readonly loss: Loss
  /** Counts, and the first ids, of what is not as the clients were told. */
  readonly ids: Readonly<Record<'lost' | 'ghost' | 'unknown', AttemptList>>
  /** Ids on which the clients' own log and the observer's do not agree that they are lost. */
  readonly disagreements: number
  /** All lost ids by either log, a line of JSON each. */
  readonly artefacts: readonly Artefact[]
}

/**
 * Counts the loss on the writer and writes the whole lists to `<prefix>lost.jsonl` and `<prefix>lost-by-observer.jsonl`.
 * Memory does not grow with what was lost.
 */
export async function countLoss(writer: Client, workload: Workload, prefix: string): Promise<CountedLoss> {
  const byClients = await IdFile.create(prefix, 'lost.jsonl')
  const byObserver = await IdFile.create(prefix, 'lost-by-observer.jsonl')
  try {
    const firsts = { lost: new Firsts(), ghost: new Firsts(), unknown: new Firsts() }
    const loss = await measureLoss(writer, readEvents(workload.logPath), async (kind, ids) => {
      firsts[kind].take(ids)
      if (kind === 'lost') await byClients.append(ids)
    })
    await absentFrom(writer, readIds(workload.observedPath), (ids) => byObserver.append(ids))
    const artefacts = [byClients.artefact(), byObserver.artefact()]
    return {
      loss,
      ids: { lost: firsts.lost.list(), ghost: firsts.ghost.list(), unknown: firsts.unknown.list() },
      disagreements: await disagreements(readIds(byClients.path), readIds(byObserver.path)),
      artefacts,
    }
  } finally {
    await byClients.close()
    await byObserver.close()
  }
}

/** Counts ids and keeps the first of them. */
class Firsts {
  private count = 0
  private readonly ids: AttemptId[] = []

  take(ids: readonly AttemptId[]): void {
    this.count += ids.length
    this.ids.push(...ids.slice(0, SHOWN_IDS - this.ids.length))
  }

  list(): AttemptList {
    return { count: this.count, ids: this.ids }
  }
}

/** A new file of ids, one line each, hashed while it is written. */
class IdFile {
  private readonly hash = createHash('sha256')

  private constructor(
    private readonly name: string,
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  static async create(prefix: string, name: string): Promise<IdFile> {
    const path = prefix + name
    return new IdFile(name, path, await open(path, 'wx'))
  }

  async append(ids: readonly AttemptId[]): Promise<void> {
    const text = ids.map(({ client, sequence }) => `${JSON.stringify({ client, sequence })}\n`).join('')
    this.hash.update(text)
    await this.file.appendFile(text)
  }

  artefact(): Artefact {
    return { name: this.name, path: this.path, sha256: this.hash.digest('hex') }
  }

  close(): Promise<void> {
    return this.file.close()
  }
}
