import { archiveExport } from '../../adapters/aws/archive-export'
import { publish } from '../../adapters/aws/metrics'
import { exportToArchive } from '../../core/archive/export'
import { invocation } from '../invocation'
import * as form from './contract'

const world = archiveExport(process.env)

export const handler = invocation(form, async () => {
  const classes = await exportToArchive(world)
  publish('lateArchiveExports', classes.filter(({ late }) => late).length, world.clock.now())
  return { classes }
})
