import { newestOf } from '../evidence/newest'
import type { BackupsSeen } from '../ports/health-probes'
import type { WriteOnceStore } from '../ports/write-once-store'

/** Kind of the records of the daily checks of the backups, and the writer of their chain. */
const DAILY = 'daily-verification'

/** How the newest daily look at the backups of a region ended, by its record; undefined where there is none. */
export async function newestBackupsLook(
  store: Pick<WriteOnceStore, 'get'>,
  region: string,
): Promise<BackupsSeen | undefined> {
  for await (const { kind, finishedAt, outcome } of newestOf(store, { region, writer: DAILY }))
    if (kind === DAILY) return { finishedAt, outcome }
  return undefined
}
