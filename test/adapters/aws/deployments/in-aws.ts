import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { clientSettings } from '../../../../adapters/aws/client-settings'
import { AwsDeployments } from '../../../../adapters/aws/deployments'
import { AssetFolders } from '../../../../adapters/aws/deployments/asset-folder'
import { FunctionAliases } from '../../../../adapters/aws/deployments/function-alias'
import { PlatformMigrations } from '../../../../adapters/aws/deployments/migrations'
import { ReleasedSettings } from '../../../../adapters/aws/deployments/settings'
import { StackTemplates } from '../../../../adapters/aws/deployments/stack'
import { VercelDeployments } from '../../../../adapters/aws/deployments/vercel'
import { LambdaConfigurationRestores } from '../../../../adapters/aws/lambda-configuration-restores'
import { VirtualClock } from '../../../../adapters/memory/clock'
import { contract as settingsContract } from '../../../../lambda/configuration-restore/contract'
import { contract as readerContract } from '../../../../lambda/release-reader/contract'
import { contract as rollbackContract } from '../../../../lambda/runbook-deploy/contract'
import { useFakeAws } from '../fake-aws'
import { FakeVercel } from './fake-vercel'

export const REGION = 'sa-east-1'
export const TOKEN = 'token-that-nobody-may-read'

/** What the functions may do that read, keep and put back. */
const GRANTED = new Set(
  [readerContract, rollbackContract, settingsContract].flatMap(({ permissions }) =>
    permissions.flatMap(({ actions }) => actions),
  ),
)

/** Every kind of component against what stands for AWS and Vercel on this machine, new for each test. */
export function useDeployments() {
  const aws = useFakeAws()
  const vercel = { current: new FakeVercel(TOKEN, 'neonpro'), url: '' }
  const clock = new VirtualClock(new Date('2026-11-23T12:00:00.000Z'))
  beforeEach(async () => {
    vercel.current = new FakeVercel(TOKEN, 'neonpro')
    vercel.url = await vercel.current.start()
    aws.current.secretsManager.values.set('neonpro/vercel-token', `${TOKEN}\n`)
  })
  afterEach(() => vercel.current.stop())
  afterEach(() => {
    const called = aws.current.calls.map(({ action }) => action)
    expect(called.filter((action) => !GRANTED.has(action))).toEqual([])
  })

  const deployed = (): AwsDeployments => {
    // One attempt: what breaks once is to be seen, not repeated by the SDK.
    const settings = clientSettings(REGION, { attempts: 1 })
    const lambda = new LambdaClient(settings)
    const s3 = new S3Client({ ...settings, forcePathStyle: true })
    return new AwsDeployments({
      function: new FunctionAliases(lambda),
      configuration: new ReleasedSettings(
        new LambdaConfigurationRestores(() => lambda, 'configuration-restore', 15_000),
        'primary',
      ),
      migrations: new PlatformMigrations(lambda),
      assets: new AssetFolders(s3, 'assets'),
      deployment: new VercelDeployments(new SecretsManagerClient(settings), vercel.url),
      infrastructure: new StackTemplates(
        new CloudFormationClient(settings),
        { client: s3, bucket: 'code', region: REGION },
        clock,
      ),
    })
  }
  return { aws, vercel, clock, deployed }
}
