import { createHash } from 'node:crypto'
import { MemoryArchiveIntake } from '../../../../adapters/memory/archive-export'
import { VirtualClock } from '../../../../adapters/memory/clock'
import { MemoryConfiguration } from '../../../../adapters/memory/configuration'
import { MemoryRecoveryPoints } from '../../../../adapters/memory/recovery-points'
import { MemorySigner } from '../../../../adapters/memory/signer'
import { MemoryWriteOnceStore } from '../../../../adapters/memory/write-once-store'
import { KeyWrapping } from '../../../../adapters/local/key-wrapping'
import { dumpManifest } from '../../../../core/archive/dump'
import { pushCode } from '../../../../core/code/push'
import { environmentKey, versionKey, writeSealed, type ConfigurationCopy } from '../../../../core/configuration/copies'
import { EvidenceChain } from '../../../../core/evidence'
import type { Policy } from '../../../../core/policy'
import { lastRun } from '../../../../core/policy/schedule'
import type { CodeCopies, HeldBundle } from '../../../../core/ports/code-copies'
import type { Setting } from '../../../../core/ports/configuration'
import { expectationsOf, type DataRole } from '../../../../core/verification/daily/expectations'
import type { DailyWorld } from '../../../../core/verification/daily/world'
import type { Estate } from './estate'

/** The one setting of every estate. */
export const SETTING = '/neonpro/configuration/mail/host'

/** Time for which the last dump was scheduled that has had its whole time. */
export function dumpedAt({ archive: { dump }, backup }: Policy, now: Date): Date {
  if (dump.mode === 'none') throw new Error('no dump is scheduled')
  return lastRun(dump.cron, backup.schedule.timeZone, new Date(now.getTime() - dump.timeoutMinutes * 60_000))!
}

class MemoryCodeCopies implements CodeCopies {
  readonly manifests = new MemoryWriteOnceStore()
  private readonly bundles = new Map<string, HeldBundle>()
  storeBundle = async (key: string, content: Uint8Array, sha256: string) => {
    this.bundles.set(key, { bytes: content.length, sha256 })
    return 'created' as const
  }
  describeBundle = async (key: string) => this.bundles.get(key)
  readBundle = async () => undefined
}

export interface MemoryDay extends DailyWorld {
  readonly clock: VirtualClock
  readonly points: MemoryRecoveryPoints
  readonly evidenceStore: MemoryWriteOnceStore
  readonly progress: MemoryWriteOnceStore
}

/** The estate in memory. */
export async function memoryDay(policy: Policy, role: DataRole, estate: Estate, pageSize = 7): Promise<MemoryDay> {
  const { region } = expectationsOf(policy, role)
  const { now } = estate
  const clock = new VirtualClock(now)
  const points = new MemoryRecoveryPoints(region, pageSize)
  for (const kind of ['pitr', 'snapshots', 'copies'] as const) {
    const vault = estate.vaults[kind]
    if (vault) points.vaults.set(kind, vault)
    points.kept.set(kind, estate.points[kind])
  }
  points.databases.push(...estate.databases)
  const archive = new MemoryArchiveIntake()
  for (const dataClass of estate.dumps) await archive.write(dataClass, dumpManifest(dumpedAt(policy, now)), '{}')
  const signer = new MemorySigner('ours')
  const copies = new MemoryCodeCopies()
  if (estate.codeHours !== undefined)
    await pushCode(
      [{ name: region, copies, signer: estate.codeSignedBy === 'us' ? signer : new MemorySigner('theirs') }],
      { commit: 'c'.repeat(40), tags: [], bundle: Buffer.from('bundle') },
      new VirtualClock(new Date(now.getTime() - estate.codeHours * 3_600_000)),
    )
  const configuration = new MemoryConfiguration(
    new VirtualClock(new Date(now.getTime() - estate.settingAgeHours * 3_600_000)),
  )
  await configuration.put({ name: SETTING, kind: 'plain', value: 'mail.example' })
  const stores: ConfigurationCopy[] = Object.values(policy.topology.regions).map((name) => ({
    region: name,
    store: new MemoryWriteOnceStore(),
    keys: new KeyWrapping(),
  }))
  for await (const setting of configuration.settings()) await holdSetting(stores, region, setting, estate)
  const copy = stores.find((store) => store.region === region)!
  await holdEnvironment(copy, policy, estate)
  const evidenceStore = new MemoryWriteOnceStore()
  return {
    policy,
    role,
    clock,
    points,
    restore: { window: async () => estate.window },
    replication: async () => estate.replication,
    archive,
    code: { copies, publicKey: () => signer.publicKey() },
    configuration,
    copy,
    stores,
    storage: { of: async () => estate.storage },
    evidence: new EvidenceChain(evidenceStore, {
      region,
      writer: 'daily-verification',
      environment: policy.environment,
      policyHash: createHash('sha256').update('policy').digest('hex'),
    }),
    evidenceStore,
    progress: new MemoryWriteOnceStore(),
  }
}

export async function holdSetting(
  copies: readonly ConfigurationCopy[],
  source: string,
  setting: Setting,
  { settingHeldBy }: Estate,
): Promise<void> {
  for (const copy of copies)
    if (settingHeldBy.includes(copy.region))
      await writeSealed(copy, versionKey(source, setting.name, setting), setting.value)
}

/** A backup of the environment of the region that writes; damaged: sealed by a key that nobody here has. */
export async function holdEnvironment(copy: ConfigurationCopy, policy: Policy, estate: Estate): Promise<void> {
  if (estate.environmentHours === undefined) return
  const regions: Partial<Record<string, string>> = policy.topology.regions
  const source = regions[policy.topology.active]!
  const takenAt = new Date(estate.now.getTime() - estate.environmentHours * 3_600_000).toISOString()
  await writeSealed(
    estate.environmentDamaged ? { ...copy, keys: new KeyWrapping() } : copy,
    environmentKey(source, takenAt),
    { source, takenAt, settings: [], secrets: [] },
  )
}
