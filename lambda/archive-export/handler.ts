import { archiveExport } from '../../adapters/aws/archive-export'
import { publish } from '../../adapters/aws/metrics'
import { exportToArchive } from '../../core/archive/export'
import { lateDumps } from '../../core/archive/late-dumps'
import { unreadParts } from '../../core/archive/unread'
import { invocation } from '../invocation'
import * as form from './contract'

const world = archiveExport(process.env)

export const handler = invocation(form, async () => {
  const classes = await exportToArchive(world)
  publish('lateArchiveExports', classes.filter(({ late }) => late).length, world.clock.now())
  const dumps = await lateDumps(world)
  publish('lateArchiveDumps', dumps.length, world.clock.now())
  const unread = await unreadParts(world)
  publish('unreadArchiveParts', unread.length, world.clock.now())
  return { classes, lateDumps: dumps, unread }
})
