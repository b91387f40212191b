import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { withRecoveryRegion } from '../../../core/policy/two-regions'
import { bucketName, functionName } from '../../../core/policy/names'
import { systemClock } from '../../local/clock'
import { clientSettings } from '../client-settings'
import { LambdaConfigurationRestores } from '../lambda-configuration-restores'
import type { OwnWorld } from '../own-world'
import { AwsDeployments } from '.'
import { AssetFolders } from './asset-folder'
import { FunctionAliases } from './function-alias'
import { PlatformMigrations } from './migrations'
import { ReleasedSettings } from './settings'
import { StackTemplates } from './stack'
import { VERCEL_API, VercelDeployments } from './vercel'

/** Longest wait for settings to be put back, of which each is a request of its own. */
const SETTINGS_MS = 60_000

/** What is deployed of the platform in the region of a function, and at Vercel, which is in none. */
export function awsDeployments({ policy, region }: OwnWorld): AwsDeployments {
  const { regions } = withRecoveryRegion(policy).topology
  const lambda = new LambdaClient(clientSettings(region))
  const patient = new LambdaClient(clientSettings(region, { attempts: 1, answerMs: SETTINGS_MS }))
  const s3 = new S3Client(clientSettings(region))
  return new AwsDeployments({
    function: new FunctionAliases(lambda),
    configuration: new ReleasedSettings(
      new LambdaConfigurationRestores(() => patient, functionName(policy, 'configuration-restore'), SETTINGS_MS),
      region === regions.primary ? 'primary' : 'recovery',
    ),
    migrations: new PlatformMigrations(lambda),
    assets: new AssetFolders(s3, bucketName(policy, 'assets', region)),
    deployment: new VercelDeployments(new SecretsManagerClient(clientSettings(region)), VERCEL_API),
    infrastructure: new StackTemplates(
      new CloudFormationClient(clientSettings(region)),
      { client: s3, bucket: bucketName(policy, 'code', region), region },
      systemClock,
    ),
  })
}
