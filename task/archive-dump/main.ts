import { archiveDump } from '../../adapters/aws/archive-dump'
import { setting } from '../../adapters/aws/environment'
import { log } from '../../adapters/aws/log'
import { dumpToArchive } from '../../core/archive/dump'
import { isPortError } from '../../core/ports/errors'

/** One dump, for the time that the schedule names. Exits 0 only where every class is in the archive, or another region writes. */
async function main(): Promise<void> {
  const startedMs = performance.now()
  const ended = (outcome: string, count?: number) =>
    log('ARCHIVE_DUMP', { outcome, count, milliseconds: Math.round(performance.now() - startedMs) })
  try {
    const dumped = await dumpToArchive(archiveDump(process.env), scheduledAt(process.env))
    ended(dumped ? 'succeeded' : 'not-the-writer', dumped?.length)
  } catch (error) {
    // What it says stays out of the log: it can quote a statement.
    ended(isPortError(error) ? error.code : 'UNEXPECTED')
    process.exitCode = 1
  }
}

function scheduledAt(environment: NodeJS.ProcessEnv): Date {
  const at = new Date(setting(environment, 'scheduledAt'))
  if (Number.isNaN(at.getTime())) throw new Error('the variable SCHEDULED_AT holds no time; write it as ISO 8601')
  return at
}

void main()
