import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { contentHash, EvidenceChain } from '../../core/evidence'
import type { ConfigurationCopy } from '../../core/configuration/copies'
import { hasRecoveryRegion, type Policy } from '../../core/policy'
import type { Clock } from '../../core/ports/clock'
import { PortError } from '../../core/ports/errors'
import type { DataRole } from '../../core/verification/daily/expectations'
import type { DailyWorld } from '../../core/verification/daily/world'
import { systemClock } from './clock'
import { FolderCodeCopies } from './folder-code-copies'
import { FolderConfiguration } from './folder-configuration'
import { FolderDumpArchive } from './folder-dump-archive'
import { FolderRecoveryPoints } from './folder-recovery-points'
import { FolderWriteOnceStore } from './folder-write-once-store'
import { KeyFileSigner } from './key-file-signer'
import { KeyWrapping } from './key-wrapping'

/** What a rehearsal saw of databases that are gone by now, at its end. */
const observedSchema = z.strictObject({
  replication: z
    .strictObject({ receives: z.enum(['up', 'down', 'unknown']), heartbeatAt: z.iso.datetime().optional() })
    .optional(),
  window: z.strictObject({ earliest: z.iso.datetime(), latest: z.iso.datetime() }).optional(),
  storage: z
    .strictObject({
      allocatedBytes: z.number(),
      history: z.array(z.strictObject({ at: z.iso.datetime(), bytes: z.number() })),
    })
    .optional(),
})
export type Observed = z.infer<typeof observedSchema>

/** One region of what rehearsals keep: a folder in place of an account. */
export class RegionFolder {
  readonly points: FolderRecoveryPoints
  readonly code: FolderCodeCopies
  readonly configuration: FolderConfiguration
  readonly archive: FolderDumpArchive

  constructor(
    readonly root: string,
    readonly region: string,
    clock: Clock = systemClock,
  ) {
    this.points = new FolderRecoveryPoints(join(root, region), region)
    this.code = new FolderCodeCopies(join(root, region, 'code'))
    this.configuration = new FolderConfiguration(join(root, region, 'configuration'), clock)
    this.archive = new FolderDumpArchive(join(root, region, 'archive'))
  }

  /** What this region holds of the settings, under a key of its own. */
  async copy(): Promise<ConfigurationCopy> {
    return {
      region: this.region,
      store: new FolderWriteOnceStore(join(this.root, this.region, 'copies')),
      keys: await KeyWrapping.open(join(this.root, this.region, 'keys', 'configuration.key')),
    }
  }

  signer(): Promise<KeyFileSigner> {
    return KeyFileSigner.open(join(this.root, this.region, 'code-signing'), this.region)
  }

  async observe(observed: Observed): Promise<void> {
    await mkdir(join(this.root, this.region), { recursive: true })
    await writeFile(this.observedFile, JSON.stringify(observedSchema.parse(observed)))
  }

  async observed(): Promise<Observed> {
    const text = await readFile(this.observedFile, 'utf8').catch(ifMissing)
    if (text === undefined)
      throw new PortError(
        'unreachable',
        'NOTHING_OBSERVED',
        `no rehearsal has looked at '${this.region}'; run one first`,
      )
    return observedSchema.parse(JSON.parse(text))
  }

  private get observedFile(): string {
    return join(this.root, this.region, 'observed.json')
  }
}

/** What the daily checks look at in the folder of a region; `evidence` is the folder of the chains. */
export async function localDay(
  region: RegionFolder,
  policy: Policy,
  role: DataRole,
  clock: Clock,
  evidence: string,
): Promise<Omit<DailyWorld, 'evidence'> & { readonly chain: EvidenceChain }> {
  const signer = await region.signer()
  const places = regionsOf(policy).map((name) => new RegionFolder(region.root, name, clock))
  const store = new FolderWriteOnceStore(evidence)
  return {
    policy,
    role,
    clock,
    points: region.points,
    restore: { window: async () => (await region.observed()).window },
    replication: async () => {
      const { replication } = await region.observed()
      if (replication) return replication
      throw new PortError('unreachable', 'NOTHING_OBSERVED', `nobody has looked at a replica in '${region.region}'`)
    },
    archive: region.archive,
    code: { copies: region.code, publicKey: () => signer.publicKey() },
    configuration: region.configuration,
    copy: await region.copy(),
    stores: await Promise.all(places.map((place) => place.copy())),
    storage: { of: async () => (await region.observed()).storage },
    chain: new EvidenceChain(store, {
      region: region.region,
      writer: 'daily-verification',
      environment: policy.environment,
      policyHash: contentHash(policy),
    }),
    progress: store,
  }
}

/** The data regions of a topology. */
export const regionsOf = (policy: Policy): string[] =>
  hasRecoveryRegion(policy)
    ? [policy.topology.regions.primary, policy.topology.regions.recovery]
    : [policy.topology.regions.primary]

const ifMissing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT') return undefined
  throw error
}
