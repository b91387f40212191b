import { z } from 'zod'
import type { ArchiveIntake, StagedObject } from '../ports/archive-intake'

/**
 * What RDS writes about the tables of an export beside its files, in parts of some tables each. AWS documents the names of
 * the files (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.html); the names of the fields are
 * those that public readers of such exports rely on, and were not seen by us.
 */
const tablesInfo = z.object({
  perTableStatus: z.array(
    z.object({ target: z.string(), status: z.string(), warningMessage: z.string().nullish() }).loose(),
  ),
})

/** Whether a staged file says how the tables fared, and is no data. */
export const isTablesInfo = (staged: StagedObject, task: string): boolean =>
  staged.key.startsWith(`${task}/export_tables_info_`) && staged.key.endsWith('.json')

/**
 * The wanted tables, as `schema.table`, of which a complete task does not say that it wrote all: a task is complete too
 * where it skipped large rows or a column whose name Parquet does not know.
 */
export async function tablesNotWhole(
  archive: ArchiveIntake,
  task: string,
  tables: readonly string[],
): Promise<readonly string[]> {
  const whole = new Set<string>()
  for await (const staged of archive.staged(`${task}/export_tables_info_`)) {
    if (!isTablesInfo(staged, task)) continue
    const { perTableStatus } = tablesInfo.parse(JSON.parse(await archive.read(staged)))
    for (const { target, status, warningMessage } of perTableStatus)
      // The target is `database.schema.table`.
      if (status === 'COMPLETE' && !warningMessage) whole.add(target.split('.').slice(1).join('.'))
  }
  return tables.filter((table) => !whole.has(table))
}
