import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../../adapters/local/clock'
import { RegionFolder, regionsOf } from '../../adapters/local/daily-world'
import type { InstanceRef } from '../../core/ports/database'
import type { DataHolder } from '../../core/ports/recovery-points'
import { expectationsOf, type Expectations } from '../../core/verification/daily/expectations'
import type { Stage } from '../stage'
import { backUpAssets } from './assets'
import { leaveCode } from './code'
import { backUpDatabase, copyTo } from './database'
import { leaveDumps } from './dumps'
import { leaveSettings } from './settings'
import { observeSettledReplica, observeStorage, standing, type Standing } from './standing'

/** One region at the end of a drill, and the folder that stands for its account. */
export interface LeftRegion {
  readonly expected: Expectations
  readonly folder: RegionFolder
  readonly standing: readonly Standing[]
}

/**
 * Leaves what a daily look judges, taken at the end of a drill of what stands then: base backups with their log, copies, dumps,
 * settings and code, in a folder for each region (`recovery verify --target local`). It takes the place of what an earlier drill
 * left, whose databases nobody can ask any more. The database that serves and its replica go by the names of those that the policy
 * declares: of which generation each is, is not what this tells.
 */
export async function leaveBackups(stage: Stage, serving: InstanceRef): Promise<void> {
  const { size, say, runId } = stage
  const { policy, folder } = size
  say('leaving backups, copies and dumps for the daily checks')
  const left = join(folder, 'backups')
  const aside = `${left}.${runId}`
  try {
    await mkdir(aside, { recursive: true, mode: 0o700 })
    const regions: LeftRegion[] = []
    for (const [at, region] of regionsOf(policy).entries())
      regions.push({
        expected: expectationsOf(policy, at === 0 ? 'primary' : 'recovery'),
        folder: new RegionFolder(aside, region),
        standing: await standing(stage, region),
      })
    for (const region of regions) await leaveRegion(stage, region, serving)
    await leaveCopies(regions)
    await leaveSettings(stage, regions)
    await leaveDumps(stage, regions, serving)
    await leaveCode(stage, regions)
    await rm(left, { recursive: true, force: true })
    await rename(aside, left)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

async function leaveRegion(stage: Stage, region: LeftRegion, serving: InstanceRef): Promise<void> {
  const { expected, folder, standing: instances } = region
  for (const { vault, lock } of expected.locks) await folder.points.makeVault(vault, { lock, key: 'backup' })
  await folder.points.knowDatabases(instances.map((one) => holderOf(one, expected, serving)))
  await backUpAssets(stage, region)
  const writer = instances.find(({ ref, role }) => role === 'writer' && ref.instance === serving.instance)
  // Where none replays, whatever has become of it: one that was promoted says itself that it receives from nobody.
  const replica = expected.replica && (instances.find(({ role }) => role === 'replica') ?? instances[0])
  const window = writer && expected.writer && (await backUpDatabase(stage, region, writer.ref))
  await folder.observe({
    ...(replica && {
      replication: await observeSettledReplica(stage.world, replica.ref, stage.size.policy.pace.detection),
    }),
    ...(window && { window, storage: await observeStorage(stage) }),
  })
}

function holderOf({ ref, role }: Standing, { writer, replica }: Expectations, serving: InstanceRef): DataHolder {
  const declared = (writer ?? replica)?.instance
  const isDeclared = role === 'replica' || ref.instance === serving.instance
  return { name: isDeclared && declared !== undefined ? declared : ref.instance, role }
}

/** Each region's snapshots of the database, sealed again under a key of the region that they are copied to. */
async function leaveCopies(regions: readonly LeftRegion[]): Promise<void> {
  for (const from of regions)
    for (const to of regions)
      for (const history of to.expected.histories)
        if (from !== to && history.vault === 'copies') await copyTo(from, to, history, systemClock)
}
