import { RDSClient } from '@aws-sdk/client-rds'
import { S3Client } from '@aws-sdk/client-s3'
import type { ExportWorld } from '../../core/archive/export'
import { READ_BACK } from '../../core/archive/read-back'
import type { UnreadWorld } from '../../core/archive/unread'
import { newestOf } from '../../core/evidence/newest'
import { ONE_COPY_MINUTES } from '../../core/ports/archive-intake'
import { systemClock } from '../local/clock'
import { clientSettings } from './client-settings'
import { setting, settingPairs, type AwsEnvironment } from './environment'
import { ownEvidence } from './own-evidence'
import { ownWorld } from './own-world'
import { RdsSnapshotExports } from './rds-snapshot-exports'
import { S3ArchiveIntake } from './s3-archive-intake'
import { S3WriteOnceStore } from './s3-write-once-store'

/** What exports the serving database of the function's own region into the archive beside it. */
export function archiveExport(environment: AwsEnvironment): ExportWorld & UnreadWorld {
  const own = ownWorld(environment)
  const { policy, region } = own
  const staging = setting(environment, 'archiveStaging')
  const records = new S3WriteOnceStore(new S3Client(clientSettings(region)), setting(environment, 'evidenceBucket'))
  return {
    policy,
    exports: new RdsSnapshotExports(new RDSClient(clientSettings(region)), {
      instance: setting(environment, 'servingInstance'),
      database: policy.database.name,
      bucket: staging,
      roleArn: setting(environment, 'archiveExportRole'),
      keyArn: setting(environment, 'archiveKey'),
    }),
    archive: new S3ArchiveIntake(
      new S3Client(clientSettings(region)),
      staging,
      settingPairs(environment, 'archiveBuckets'),
      new S3Client(clientSettings(region, { answerMs: ONE_COPY_MINUTES * 60_000, attempts: 1 })),
    ),
    evidence: ownEvidence(environment, own, 'archive-export'),
    readings: () => newestOf(records, { region, writer: READ_BACK }),
    clock: systemClock,
  }
}
