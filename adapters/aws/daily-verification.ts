import { BackupClient } from '@aws-sdk/client-backup'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { KMSClient } from '@aws-sdk/client-kms'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { RDSClient } from '@aws-sdk/client-rds'
import { S3Client } from '@aws-sdk/client-s3'
import type { Policy } from '../../core/policy'
import { keyAlias, vaultName } from '../../core/policy/names'
import { expectationsOf, type DataRole } from '../../core/verification/daily/expectations'
import type { ReplicationSeen } from '../../core/verification/daily/facts'
import type { DailyVerdict } from '../../core/verification/daily/judges'
import { verifyDay } from '../../core/verification/daily/verify'
import type { DailyWorld } from '../../core/verification/daily/world'
import { systemClock } from '../local/clock'
import { BackupRecoveryPoints } from './backup-recovery-points'
import { clientSettings } from './client-settings'
import { CloudWatchStorageUses } from './cloudwatch-storage-uses'
import { configurationWorld } from './configuration-world'
import { setting, settingPairs, type AwsEnvironment } from './environment'
import { KeysOfRegion } from './held-under'
import { KmsSigner } from './kms-signer'
import { askFunction } from './lambda-call'
import { publish } from './metrics'
import { ownEvidence } from './own-evidence'
import { restoreWindow } from './rds-restore-window'
import { S3ArchiveIntake } from './s3-archive-intake'
import { S3CodeCopies } from './s3-code-copies'
import { S3WriteOnceStore } from './s3-write-once-store'
import { observation } from './wire'

/** Room for the observer to be started, on top of the time that it needs. */
const OBSERVER_MS = 45_000
/** A reading of many pages meets a busy service sooner or later. */
const ATTEMPTS = 5

/** Runs the daily checks of the function's own region, and publishes how much is wrong or was not seen. */
export function dailyVerification(environment: AwsEnvironment): () => Promise<DailyVerdict> {
  const world = dailyWorld(environment)
  return async () => {
    const verdict = await verifyDay(world)
    const wrong = verdict.checks.reduce((sum, { findings, unseen }) => sum + findings.length + unseen.length, 0)
    publish('dailyFindings', wrong, systemClock.now())
    return verdict
  }
}

function dailyWorld(environment: AwsEnvironment): DailyWorld {
  const own = configurationWorld(environment)
  const { policy, region, configuration, copies } = own
  const role = roleOf(policy, region)
  const copy = copies.find((held) => held.region === region)
  if (!copy) throw new Error(`'${region}' holds no copies of the configuration`)
  const [rds, kms, s3] = [
    new RDSClient(clientSettings(region)),
    new KMSClient(clientSettings(region)),
    new S3Client(clientSettings(region)),
  ]
  const signer = new KmsSigner(kms, setting(environment, 'codeSigningKey'))
  const { replica } = expectationsOf(policy, role)
  return {
    policy,
    role,
    clock: systemClock,
    points: new BackupRecoveryPoints(new BackupClient(clientSettings(region, { attempts: ATTEMPTS })), rds, {
      region,
      vaults: {
        pitr: vaultName(policy, 'pitr'),
        snapshots: vaultName(policy, 'snapshots'),
        copies: vaultName(policy, 'copies'),
      },
      s3,
      keys: new KeysOfRegion(kms, { database: keyAlias(policy, 'database'), backup: keyAlias(policy, 'backup') }),
    }),
    restore: { window: ({ instance }) => restoreWindow(rds, instance) },
    replication: () =>
      askObserver(
        new LambdaClient(clientSettings(region, { attempts: 1, answerMs: OBSERVER_MS })),
        setting(environment, 'replicaObserver'),
        { region, instance: replica?.instance ?? '' },
      ),
    archive: new S3ArchiveIntake(s3, 'nothing is staged here', settingPairs(environment, 'archiveBuckets'), s3),
    code: {
      copies: new S3CodeCopies(s3, setting(environment, 'codeBucket')),
      publicKey: () => signer.publicKey(),
    },
    configuration,
    copy,
    stores: copies,
    storage: new CloudWatchStorageUses(new CloudWatchClient(clientSettings(region)), rds, region, () =>
      systemClock.now(),
    ),
    evidence: ownEvidence(environment, own, 'daily-verification'),
    progress: new S3WriteOnceStore(s3, setting(environment, 'evidenceBucket')),
  }
}

function roleOf({ topology: { regions } }: Policy, region: string): DataRole {
  if (region === regions.primary) return 'primary'
  if ('recovery' in regions && region === regions.recovery) return 'recovery'
  throw new Error(`'${region}' is no data region of the topology; deploy the function to one that is`)
}

/** The database stands in subnets that this function does not reach, and the function beside it may log in. */
async function askObserver(
  client: LambdaClient,
  name: string,
  instance: { readonly region: string; readonly instance: string },
): Promise<ReplicationSeen> {
  const { verdict, heartbeatAt } = await askFunction(client, name, { instance }, observation, OBSERVER_MS)
  return { receives: verdict, ...(heartbeatAt !== undefined && { heartbeatAt }) }
}
