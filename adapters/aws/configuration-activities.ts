import { copyChange, type Acknowledgement, type SettingChange } from '../../core/configuration/copy-change'
import { backupEnvironment, type EnvironmentBackup } from '../../core/configuration/environment'
import type { EvidenceDraft } from '../../core/ports/evidence-log'
import { systemClock } from '../local/clock'
import { configurationWorld } from './configuration-world'
import type { AwsEnvironment } from './environment'
import { publish } from './metrics'
import { ownEvidence } from './own-evidence'

/** Brings a changed setting to both regions; leaves evidence and the time it took. */
export function configurationCopy(environment: AwsEnvironment): (change: SettingChange) => Promise<Acknowledgement> {
  const world = configurationWorld(environment)
  const evidence = ownEvidence(environment, world, 'configuration-copy')
  const { mechanisms, configuration } = world.policy
  return async (change) => {
    const startedAt = systemClock.now()
    const acknowledged = await copyChange(
      {
        source: world.region,
        configuration: world.configuration,
        copies: world.copies,
        clock: systemClock,
        deadlineSeconds: mechanisms.configurationCopySeconds,
        retryEverySeconds: configuration.copyRetrySeconds,
      },
      change,
    )
    publish('configurationCopySeconds', acknowledged.afterSeconds, startedAt)
    await evidence.append({
      ...draft('configuration-copy', startedAt),
      measurements: { ...acknowledged },
      artefacts: [],
    })
    return acknowledged
  }
}

/** Backs up the whole environment into both regions; leaves evidence with the hash of each envelope. */
export function configurationBackup(environment: AwsEnvironment): () => Promise<EnvironmentBackup> {
  const world = configurationWorld(environment)
  const evidence = ownEvidence(environment, world, 'configuration-backup')
  return async () => {
    const startedAt = systemClock.now()
    const backup = await backupEnvironment(world.region, world.configuration, world.copies, systemClock)
    publish('environmentBackups', 1, startedAt)
    await evidence.append({
      ...draft('configuration-backup', startedAt),
      measurements: { settings: backup.settings, secrets: backup.secrets },
      artefacts: backup.envelopes.map(({ region, sha256 }) => ({ name: `${region}/${backup.key}`, sha256 })),
    })
    return backup
  }
}

const draft = (kind: string, startedAt: Date): Omit<EvidenceDraft, 'measurements' | 'artefacts'> => ({
  key: `${kind}/${startedAt.toISOString()}`,
  kind,
  subject: 'configuration',
  startedAt: startedAt.toISOString(),
  finishedAt: systemClock.now().toISOString(),
  outcome: 'succeeded',
  controls: [],
  actor: kind,
})
