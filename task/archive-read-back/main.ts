import { archiveReadBack } from '../../adapters/aws/archive-read-back'
import { log } from '../../adapters/aws/log'
import { readBack, readBackSubject, type ReadBackPart } from '../../core/archive/read-back'
import { exitCodeOf, worst } from '../../core/integrity/verdict'
import { isPortError } from '../../core/ports/errors'

/** One reading of the archive. Exits 0 only where every part of every class was there, and was read to its end. */
async function main(): Promise<void> {
  const startedMs = performance.now()
  const ended = (outcome: string, count?: number) =>
    log('ARCHIVE_READ_BACK', { outcome, count, milliseconds: Math.round(performance.now() - startedMs) })
  try {
    const parts = await readBack(archiveReadBack(process.env))
    parts.forEach(tell)
    const verdict = worst(parts.map((part) => part.verdict))
    ended(verdict, parts.length)
    process.exitCode = exitCodeOf(verdict)
  } catch (error) {
    // What it says stays out of the log: it can quote what was read.
    ended(isPortError(error) ? error.code : 'UNEXPECTED')
    process.exitCode = 1
  }
}

/** Codes alone: what each finding is about stands in the evidence. */
function tell({ dataClass, part, verdict, rows, findings }: ReadBackPart): void {
  const step = readBackSubject(dataClass, part)
  log('ARCHIVE_PART_READ', { step, outcome: verdict, count: rows })
  for (const { code } of findings) log('ARCHIVE_PART_FINDING', { step, failure: code })
}

void main()
