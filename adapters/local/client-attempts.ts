import { open } from 'node:fs/promises'
import type { Attempts } from '../../core/detection/service-level'
import type { WorkloadEvent } from '../../core/measurement/workload-event'

/** Two lines of an attempt, with room. */
const BYTES_PER_ATTEMPT = 512

/**
 * Of the newest attempts of those who work with a rehearsal, as their own log tells them, how many were answered well; undefined
 * where nobody has ended one within `freshMs`. A log is read from its end, however long it is.
 */
export async function newestAttempts(
  log: string,
  most: number,
  { freshMs, nowMs }: { readonly freshMs: number; readonly nowMs: number },
): Promise<Attempts | undefined> {
  const ended = (await lastLines(log, most * BYTES_PER_ATTEMPT)).map(eventOf).filter(({ kind }) => kind !== 'intent')
  const newest = ended.slice(-most)
  const last = newest.at(-1)
  if (!last || nowMs - last.wallMs > freshMs) return undefined
  return { asked: newest.length, answered: newest.filter(({ kind }) => kind === 'acknowledged').length }
}

/** Whole lines of the end of a file; none of one that is not there. */
async function lastLines(path: string, bytes: number): Promise<string[]> {
  const file = await open(path).catch(unlessMissing)
  if (!file) return []
  try {
    const { size } = await file.stat()
    const from = Math.max(0, size - bytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from)
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n')
    // What does not begin at the beginning of the file begins in the middle of a line; the last one may not be written yet.
    return lines.slice(from === 0 ? 0 : 1, -1)
  } finally {
    await file.close()
  }
}

const eventOf = (line: string): WorkloadEvent => JSON.parse(line) as WorkloadEvent

function unlessMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  return undefined
}
