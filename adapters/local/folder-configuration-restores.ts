import { join } from 'node:path'
import { answered, answering } from '../../core/access/answer'
import { backupEnvironment, type EnvironmentBackup } from '../../core/configuration/environment'
import { serveRestore, type RestoreWorld } from '../../core/configuration/restore-call'
import type { Json } from '../../core/json'
import type { Clock } from '../../core/ports/clock'
import type { ConfigurationRestores, RestoreCall } from '../../core/ports/configuration-restores'
import type { EvidenceLog } from '../../core/ports/evidence-log'
import { FolderConfiguration } from './folder-configuration'
import { FolderWriteOnceStore } from './folder-write-once-store'
import { KeyWrapping } from './key-wrapping'

type DataRegion = 'primary' | 'recovery'

/** The settings and copies of both regions below one folder, each region under a key of its own. */
export class FolderConfigurationRestores implements ConfigurationRestores {
  constructor(
    private readonly folder: string,
    private readonly regions: Readonly<Record<DataRegion, string>>,
    private readonly shared: { readonly evidence: EvidenceLog; readonly clock: Clock },
  ) {}

  async ask(region: DataRegion, call: RestoreCall): Promise<Json> {
    const world = await this.world(region)
    return answered(await answering(() => serveRestore(world, call)))
  }

  /** Copies the whole environment of a region into both, as a function does in AWS by schedule and on each change. */
  async backup(region: DataRegion): Promise<EnvironmentBackup> {
    const worlds = { primary: await this.world('primary'), recovery: await this.world('recovery') }
    const own = worlds[region]
    return backupEnvironment(own.region, own.configuration, [worlds.primary.copy, worlds.recovery.copy], own.clock)
  }

  private async world(of: DataRegion): Promise<RestoreWorld> {
    const region = this.regions[of]
    const own = join(this.folder, 'configuration', region)
    return {
      ...this.shared,
      region,
      configuration: new FolderConfiguration(own, this.shared.clock),
      copy: {
        region,
        store: new FolderWriteOnceStore(join(own, 'copies')),
        keys: await KeyWrapping.open(join(own, 'keys', 'wrapping')),
      },
    }
  }
}
