import { cp, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { backupEnvironment } from '../../core/configuration/environment'
import { copyChange } from '../../core/configuration/copy-change'
import type { Stage } from '../stage'
import type { LeftRegion } from './index'

/**
 * Settings and their copies as the regions of the world hold them, each under its region's own key. The copying that an outage
 * has interrupted is taken up again, as it is once a region is back, and the whole environment is backed up.
 */
export async function leaveSettings({ world, size, ports: { clock } }: Stage, regions: readonly LeftRegion[]) {
  const { content } = size.policy.rehearsal
  for (const { expected, folder } of regions) {
    const place = join(world.folder, expected.region)
    const own = join(folder.root, expected.region)
    await cpIfThere(join(place, 'configuration'), join(own, 'configuration'))
    await cpIfThere(join(place, 'content', 'versions'), join(own, 'copies', 'versions'))
    await cpIfThere(join(place, 'configuration.key'), join(own, 'keys', 'configuration.key'))
  }
  const copies = await Promise.all(regions.map(({ folder }) => folder.copy()))
  for (const { expected, folder } of regions) {
    const copying = {
      source: expected.region,
      configuration: folder.configuration,
      copies,
      clock,
      deadlineSeconds: content.configurationCopySeconds,
      retryEverySeconds: content.changeEverySeconds,
    }
    for await (const { name, modifiedAt } of folder.configuration.settings())
      await copyChange(copying, { name, kind: 'put', changedAt: modifiedAt })
    if (expected.writer) await backupEnvironment(expected.region, folder.configuration, copies, clock)
  }
}

async function cpIfThere(from: string, to: string): Promise<void> {
  if (await stat(from).catch(() => undefined)) await cp(from, to, { recursive: true })
}
