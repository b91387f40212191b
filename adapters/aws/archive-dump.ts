import { S3Client } from '@aws-sdk/client-s3'
import { EvidenceChain } from '../../core/evidence'
import type { DumpWorld } from '../../core/archive/dump'
import type { DataClass } from '../../core/ports/archive-disposal'
import { systemClock } from '../local/clock'
import { ARCHIVE_ROLE } from '../postgres/archive-role'
import { PostgresDumpSource } from '../postgres/dump'
import { clientSettings, refuseForeignEndpoints } from './client-settings'
import { setting, settingPairs, type AwsEnvironment } from './environment'
import { ownDatabase } from './own-database'
import { S3ArchiveIntake } from './s3-archive-intake'
import { S3DumpArchive } from './s3-dump-archive'
import { S3WriteOnceStore } from './s3-write-once-store'

/** Longest wait for a table that somebody holds; longer than any statement of the application should hold one. */
const LOCK_WAIT_MS = 60_000
/** Longest wait for the answer to one part of 64 MB. */
const PART_MS = 120_000

/** What dumps the database of the task's own region into the archive beside it. */
export function archiveDump(environment: AwsEnvironment): DumpWorld {
  refuseForeignEndpoints(environment)
  const region = environment['AWS_REGION']
  if (!region) throw new Error('the variable AWS_REGION is not set; ECS sets it by itself')
  const database = ownDatabase(environment, region, setting(environment, 'databaseName'))
  const s3 = new S3Client(clientSettings(region, { answerMs: PART_MS }))
  const buckets = settingPairs(environment, 'archiveBuckets')
  return {
    source: new PostgresDumpSource({
      endpoint: database.endpoint,
      authorities: setting(environment, 'databaseAuthorities'),
      program: 'pg_dump',
      login: () => database.login(ARCHIVE_ROLE),
      lockWaitMs: LOCK_WAIT_MS,
    }),
    archive: new S3DumpArchive(
      s3,
      new S3ArchiveIntake(s3, 'nothing is staged for a dump', buckets, s3),
      setting(environment, 'archiveKey'),
    ),
    evidence: new EvidenceChain(new S3WriteOnceStore(s3, setting(environment, 'evidenceBucket')), {
      region,
      writer: 'archive-dump',
      environment: setting(environment, 'environmentName'),
      policyHash: setting(environment, 'policyHash'),
    }),
    clock: systemClock,
    environment: setting(environment, 'environmentName'),
    tables: new Map(
      [...settingPairs(environment, 'archiveTables')].map(([name, tables]) => [name as DataClass, tables.split('+')]),
    ),
  }
}
