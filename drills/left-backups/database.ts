import { mkdtemp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Observed } from '../../adapters/local/daily-world'
import { packed } from '../../adapters/local/packed-folder'
import { copyServer } from '../../adapters/local/server-copy'
import { shipLog } from '../../adapters/postgres/ship-log'
import type { Clock } from '../../core/ports/clock'
import type { InstanceRef } from '../../core/ports/database'
import type { RecoveryPoint } from '../../core/ports/recovery-points'
import type { ExpectedHistory } from '../../core/verification/daily/expectations'
import type { Stage } from '../stage'
import type { LeftRegion } from './index'

const DAY_MS = 86_400_000

/**
 * A base backup of a database, whole with the log that makes it consistent, and the archived log from there on: what a snapshot
 * and a continuous backup hold. Returns the moments to which the two together can be restored.
 */
export async function backUpDatabase(
  { world, ports: { clock } }: Stage,
  { expected, folder }: LeftRegion,
  database: InstanceRef,
): Promise<NonNullable<Observed['window']>> {
  const histories = expected.histories.filter(({ resource }) => resource === expected.writer?.instance)
  const begunAt = clock.now()
  const base = await mkdtemp(join(world.folder, 'base-backup-'))
  const { first } = await world.withInstance(database, (client) => copyServer(client, base))
  const earliest = clock.now().toISOString()
  const latest = (await world.withInstance(database, shipLog)).toISOString()
  const archive = world.archiveOf(database)
  const log = (await readdir(archive)).filter((file) => /^[0-9A-F]{24}$/.test(file) && file >= first).toSorted()
  for (const history of histories)
    await folder.points.take(
      history.vault,
      begun(history, begunAt),
      history.vault === 'pitr' ? packed(archive, { entries: log }) : packed(base),
      clock,
    )
  return { earliest, latest }
}

/** The newest snapshot of the database in one region, as a copy in another one. */
export async function copyTo(from: LeftRegion, to: LeftRegion, history: ExpectedHistory, clock: Clock): Promise<void> {
  const { points } = await from.folder.points.page('snapshots')
  const newest = points.findLast(({ resource }) => resource === history.resource)
  if (!newest) return
  const content = from.folder.points.content('snapshots', newest.id)
  await to.folder.points.take(history.vault, begun(history, new Date(newest.createdAt)), content, clock)
}

/** A recovery point of a history, kept as the first of its rules says. */
export function begun({ vault, resource, key, keptDays, newestWithinMinutes }: ExpectedHistory, at: Date) {
  const days = keptDays[0]!
  return {
    id: `${vault}-${resource}-${at.toISOString().replaceAll(/[^0-9]/g, '')}`,
    resource,
    key: key === 'database' ? ('database' as const) : ('backup' as const),
    createdAt: at.toISOString(),
    keptDays: days,
    // A continuous backup moves on and ends with no day.
    ...(newestWithinMinutes !== undefined && { endsAt: new Date(at.getTime() + days * DAY_MS).toISOString() }),
  } satisfies Partial<RecoveryPoint>
}
