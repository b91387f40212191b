import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { packed } from '../../adapters/local/packed-folder'
import { bucketName } from '../../core/policy/names'
import type { Stage } from '../stage'
import { begun } from './database'
import type { LeftRegion } from './index'

/** Snapshot and continuous backup of a region's assets, as its clinic served them; a world without a clinic has none to serve. */
export async function backUpAssets({ world, size, ports: { clock } }: Stage, region: LeftRegion): Promise<void> {
  const { expected, folder } = region
  const bucket = bucketName(size.policy, 'assets', expected.region)
  const assets = join(world.folder, expected.region, 'content', 'assets')
  await mkdir(assets, { recursive: true })
  for (const history of expected.histories.filter(({ resource }) => resource === bucket))
    await folder.points.take(history.vault, begun(history, clock.now()), packed(assets, { mayChange: true }), clock)
}
