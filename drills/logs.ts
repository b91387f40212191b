import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { AttemptId } from '../adapters/postgres/loss'
import type { NumberedChange, WorkloadEvent } from '../core/measurement'

/** The clients' own log. A killed workload may leave half a line at the end; that attempt was never answered. */
export const readEvents = (path: string): AsyncGenerator<WorkloadEvent> => readLines(path)

/** A file of ids, such as the observer's log of what was acknowledged. */
export const readIds = (path: string): AsyncGenerator<AttemptId> => readLines(path)

/** The list of later writes that a run made: a line for each row. */
export const readLaterWrites = (
  path: string,
): AsyncGenerator<{ readonly table: string; readonly id: string; readonly deleted?: true }> => readLines(path)

/** Changes of settings and assets that the primary region took. */
export const readChanges = (
  path: string,
): AsyncGenerator<NumberedChange & { readonly store: 'configuration' | 'assets' }> => readLines(path)

async function* readLines<T>(path: string): AsyncGenerator<T> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line.endsWith('}')) yield JSON.parse(line) as T
  }
}
