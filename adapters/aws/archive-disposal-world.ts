import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { dispose, type Disposed } from '../../core/archive/dispose'
import { systemClock } from '../local/clock'
import { clientSettings } from './client-settings'
import { DynamoConditionalStore } from './dynamo-conditional-store'
import { setting, settingPairs, type AwsEnvironment } from './environment'
import { ownEvidence } from './own-evidence'
import { ownWorld } from './own-world'
import { S3ArchiveDisposal } from './s3-archive-disposal'

/** Carries out recorded and approved disposals in the archive of the function's own region. */
export function archiveDisposal(environment: AwsEnvironment): (id: string) => Promise<Disposed> {
  const world = ownWorld(environment)
  const { policy, region } = world
  const recovery = 'recovery' in policy.topology.regions ? policy.topology.regions.recovery : region
  const buckets = settingPairs(environment, 'archiveBuckets')
  const deps = {
    store: new DynamoConditionalStore(
      new DynamoDBClient(clientSettings(recovery)),
      setting(environment, 'recoveryTable'),
    ),
    archive: new S3ArchiveDisposal(new S3Client(clientSettings(region)), buckets),
    evidence: ownEvidence(environment, world, 'archive-disposal'),
    clock: systemClock,
    dataClasses: policy.dataClasses,
  }
  return (id) => dispose(deps, id)
}
