import { S3Client } from '@aws-sdk/client-s3'
import { EvidenceChain } from '../../core/evidence'
import { clientSettings } from './client-settings'
import { setting, type AwsEnvironment } from './environment'
import type { OwnWorld } from './own-world'
import { S3WriteOnceStore } from './s3-write-once-store'

/** The chain of one writer in the function's own region. Its records are proven from the next signed checkpoint on. */
export function ownEvidence(environment: AwsEnvironment, { policy, region }: OwnWorld, writer: string): EvidenceChain {
  const store = new S3WriteOnceStore(new S3Client(clientSettings(region)), setting(environment, 'evidenceBucket'))
  const policyHash = setting(environment, 'policyHash')
  return new EvidenceChain(store, { region, writer, environment: policy.environment, policyHash })
}
