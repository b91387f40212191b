import { VirtualClock } from '../../../adapters/memory/clock'
import { MemorySigner } from '../../../adapters/memory/signer'
import { FolderConfiguration } from '../../../adapters/local/folder-configuration'
import { RegionFolder, regionsOf } from '../../../adapters/local/daily-world'
import { dumpManifest } from '../../../core/archive/dump'
import { pushCode } from '../../../core/code/push'
import type { Policy } from '../../../core/policy'
import { expectationsOf, type DataRole } from '../../../core/verification/daily/expectations'
import { join } from 'node:path'
import type { Estate } from '../../core/verification/daily/estate'
import { dumpedAt, holdEnvironment, holdSetting, SETTING } from '../../core/verification/daily/memory-estate'

/** The estate in the folder of its region, as a rehearsal would leave it. */
export async function fillFolder(root: string, policy: Policy, role: DataRole, estate: Estate): Promise<void> {
  const { region } = expectationsOf(policy, role)
  const folder = new RegionFolder(root, region)
  for (const kind of ['pitr', 'snapshots', 'copies'] as const) {
    const vault = estate.vaults[kind]
    if (!vault) continue
    await folder.points.makeVault(kind, vault)
    for (const point of estate.points[kind]) await folder.points.keep(kind, point)
  }
  await folder.points.knowDatabases(estate.databases)
  const { replication, window, storage, now } = estate
  await folder.observe({
    replication,
    ...(window && { window }),
    ...(storage && { storage: { ...storage, history: [...storage.history] } }),
  })
  for (const dataClass of estate.dumps) await folder.archive.write(dataClass, dumpManifest(dumpedAt(policy, now)), '{}')
  if (estate.codeHours !== undefined)
    await pushCode(
      [
        {
          name: region,
          copies: folder.code,
          signer: estate.codeSignedBy === 'us' ? await folder.signer() : new MemorySigner('theirs'),
        },
      ],
      { commit: 'c'.repeat(40), tags: [], bundle: Buffer.from('bundle') },
      new VirtualClock(new Date(now.getTime() - estate.codeHours * 3_600_000)),
    )
  const configuration = new FolderConfiguration(
    join(root, region, 'configuration'),
    new VirtualClock(new Date(now.getTime() - estate.settingAgeHours * 3_600_000)),
  )
  await configuration.put({ name: SETTING, kind: 'plain', value: 'mail.example' })
  const copies = await Promise.all(regionsOf(policy).map((name) => new RegionFolder(root, name).copy()))
  for await (const setting of configuration.settings()) await holdSetting(copies, region, setting, estate)
  await holdEnvironment(
    copies.find((copy) => copy.region === region)!,
    policy,
    estate,
  )
}
