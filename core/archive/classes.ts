import type { Policy } from '../policy'
import type { DataClass } from '../ports/archive-disposal'
import { ARCHIVE_PARTS, type ArchivePart } from './read-back'

export const DATA_CLASSES = ['phi', 'pii', 'financial', 'operational', 'public'] as const satisfies readonly DataClass[]

/** Data classes that have an archive. */
export const archivedClasses = ({ archive: { classes } }: Policy): DataClass[] =>
  DATA_CLASSES.filter((name) => classes[name].mode === 'archive')

/** Tables of a class that its archive keeps. What rests on consent alone can be withdrawn, and is never among them. */
export const archivedTables = ({ stores }: Pick<Policy, 'stores'>, dataClass: DataClass): string[] =>
  stores
    .filter(
      ({ kind, archive, restsOn, ...store }) =>
        kind === 'table' && store.dataClass === dataClass && archive.mode === 'long-term' && restsOn !== 'consent',
    )
    .map(({ id }) => id)

/** Data classes whose archive holds tables. */
export const classesWithTables = (policy: Policy): DataClass[] =>
  archivedClasses(policy).filter((name) => archivedTables(policy, name).length > 0)

/** Forms in which a class is archived: exports always, dumps where the policy takes them. */
export const archivedParts = ({ archive: { dump } }: Pick<Policy, 'archive'>): ArchivePart[] =>
  ARCHIVE_PARTS.filter((part) => part === 'export' || dump.mode === 'scheduled')
