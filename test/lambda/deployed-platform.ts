import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SSMClient } from '@aws-sdk/client-ssm'
import { clientSettings } from '../../adapters/aws/client-settings'
import { ParameterStoreConfiguration } from '../../adapters/aws/parameter-store-configuration'
import type { Policy } from '../../core/policy'
import { bucketName, functionName } from '../../core/policy/names'
import { FakeVercel } from '../adapters/aws/deployments/fake-vercel'
import { PlatformFunction } from '../adapters/aws/deployments/platform-function'
import type { FakeAws } from '../adapters/aws/fake-aws'
import { loadHandler } from './functions'

/** Where the platform is deployed. */
export const HOME = 'sa-east-1'
export const TOKEN = 'token-that-nobody-may-read'

/** Vercel for the tests of a file: what this process sends there comes to this machine. */
export function useVercel(): FakeVercel {
  const vercel = new FakeVercel(TOKEN, 'neonpro')
  beforeEach(async () => {
    const here = await vercel.start()
    const { fetch } = globalThis
    jest
      .spyOn(globalThis, 'fetch')
      .mockImplementation((url, options) =>
        fetch(new Request(url).url.replace('https://api.vercel.com', here), options),
      )
  })
  afterEach(async () => {
    jest.restoreAllMocks()
    await vercel.stop()
  })
  return vercel
}

/** The platform as it is deployed in the primary region, and the functions that see it. */
export async function deployPlatform(
  { lambda, s3, cloudFormation, secretsManager }: FakeAws,
  vercel: FakeVercel,
  policy: Policy,
): Promise<void> {
  const at = (name: string) => `${HOME}/${name}`
  lambda.aliases.set(at('neonpro-api/live'), '8')
  lambda.versions.set(at('neonpro-api'), new Map([['8', 'Active']]))
  lambda.functions
    .set(at('neonpro-api:live'), () => ({ healthy: true }))
    .set(at('neonpro-migrations'), (call) => migrations.answer(call))
  const migrations = new PlatformFunction(['m1', 'm2'])
  const bucket = bucketName(policy, 'assets', HOME)
  s3.objects.set(`${bucket}/current`, 'r8').set(`${bucket}/r8/index.html`, 'page')
  cloudFormation.stacks.set(at('neonpro-platform'), {
    status: 'UPDATE_COMPLETE',
    template: { Resources: {} },
    tags: { 'recovery:assembly': 'b2' },
  })
  await new ParameterStoreConfiguration(
    new SSMClient(clientSettings(HOME)),
    new SecretsManagerClient(clientSettings(HOME)),
    { paths: ['/neonpro/configuration'], secrets: [], keyId: 'alias/configuration' },
  ).put({ name: '/neonpro/configuration/mail/host', kind: 'plain', value: 'mail.example' })
  secretsManager.values.set('neonpro/vercel-token', TOKEN)
  vercel.projects.set('prj_1', { id: 'prj_1', name: 'neonpro-web', production: 'dpl_2', lastAliasRequest: null })
  vercel.deployments.set('dpl_2', { projectId: 'prj_1', target: 'production', readyState: 'READY' })

  const recovery = process.env['AWS_REGION']
  process.env['AWS_REGION'] = HOME
  for (const name of ['release-reader', 'configuration-restore'])
    lambda.functions.set(at(functionName(policy, name)), await loadHandler(name))
  process.env['AWS_REGION'] = recovery
}
