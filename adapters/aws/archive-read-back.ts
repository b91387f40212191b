import { S3Client } from '@aws-sdk/client-s3'
import { ARCHIVE_PARTS, READ_BACK, type ReadBackWorld } from '../../core/archive/read-back'
import { EvidenceChain } from '../../core/evidence'
import type { DataClass } from '../../core/ports/archive-disposal'
import { systemClock } from '../local/clock'
import { independentReaders } from '../local/independent-readers'
import { clientSettings, refuseForeignEndpoints } from './client-settings'
import { setting, settingPairs, type AwsEnvironment } from './environment'
import { PART_MS, S3ArchiveReading } from './s3-archive-reading'
import { S3WriteOnceStore } from './s3-write-once-store'

/** What reads back the archive of the task's own region, by the programs of its image. */
export function archiveReadBack(environment: AwsEnvironment): ReadBackWorld {
  refuseForeignEndpoints(environment)
  const region = environment['AWS_REGION']
  if (!region) throw new Error('the variable AWS_REGION is not set; ECS sets it by itself')
  const told = setting(environment, 'archiveParts').split(',')
  const parts = ARCHIVE_PARTS.filter((part) => told.includes(part))
  const classes = [...settingPairs(environment, 'archiveTables')].flatMap(([name, tables]) =>
    tables === '' ? [] : [name as DataClass],
  )
  // A reading of nothing would pass.
  if (parts.length === 0 || classes.length === 0)
    throw new Error('ARCHIVE_PARTS and ARCHIVE_TABLES name nothing to read; set what the contract of the task lists')
  return {
    archive: new S3ArchiveReading(
      new S3Client(clientSettings(region, { answerMs: PART_MS })),
      settingPairs(environment, 'archiveBuckets'),
    ),
    readers: independentReaders(),
    evidence: new EvidenceChain(
      new S3WriteOnceStore(new S3Client(clientSettings(region)), setting(environment, 'evidenceBucket')),
      {
        region,
        writer: READ_BACK,
        environment: setting(environment, 'environmentName'),
        policyHash: setting(environment, 'policyHash'),
      },
    ),
    clock: systemClock,
    classes,
    parts,
  }
}
