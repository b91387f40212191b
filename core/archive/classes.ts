import type { Policy } from '../policy'
import type { DataClass } from '../ports/archive-disposal'

export const DATA_CLASSES = ['phi', 'pii', 'financial', 'operational', 'public'] as const satisfies readonly DataClass[]

/** Data classes that have an archive. */
export const archivedClasses = ({ archive: { classes } }: Policy): DataClass[] =>
  DATA_CLASSES.filter((name) => classes[name].mode === 'archive')
