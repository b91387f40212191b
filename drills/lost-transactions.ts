import { writeFile } from 'node:fs/promises'
import type { Client } from 'pg'
import type { Workload } from '../adapters/local/workload'
import { absentFrom } from '../adapters/postgres/absent'
import { measureLoss, type AttemptId, type Loss } from '../adapters/postgres/loss'
import { sha256 } from '../core/evidence'
import { disagreements, type Artefact } from '../core/measurement'
import type { AttemptList } from '../core/reporting'
import { readEvents, readObserved } from './logs'

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

/** Counts the loss on the writer and writes the whole lists to `<prefix>lost.jsonl` and `<prefix>lost-by-observer.jsonl`. */
export async function countLoss(writer: Client, workload: Workload, prefix: string): Promise<CountedLoss> {
  const found: Record<keyof CountedLoss['ids'], AttemptId[]> = { lost: [], ghost: [], unknown: [] }
  const loss = await measureLoss(writer, readEvents(workload.logPath), (kind, ids) => void found[kind].push(...ids))
  const observed = await absentFrom(writer, readObserved(workload.observedPath))
  return {
    loss,
    ids: { lost: shown(found.lost), ghost: shown(found.ghost), unknown: shown(found.unknown) },
    disagreements: disagreements(found.lost, observed),
    artefacts: [
      await writeList(prefix, 'lost.jsonl', found.lost),
      await writeList(prefix, 'lost-by-observer.jsonl', observed),
    ],
  }
}

const shown = (ids: readonly AttemptId[]): AttemptList => ({ count: ids.length, ids: ids.slice(0, SHOWN_IDS) })

async function writeList(prefix: string, name: string, ids: readonly AttemptId[]): Promise<Artefact> {
  const path = prefix + name
  const text = ids.map(({ client, sequence }) => `${JSON.stringify({ client, sequence })}\n`).join('')
  await writeFile(path, text, { flag: 'wx' })
  return { name, path, sha256: sha256(text) }
}
