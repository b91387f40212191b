import type { Policy } from '../../core/policy'
import { resolvePolicy } from '../../policy'
import { resourcesOf, synthesize } from './synth'

const policy = resolvePolicy('production')
const { accountId } = policy.topology
const HOOKS: Policy['applicationTier'] = {
  mode: 'hooks',
  hooks: [
    { kind: 'scale-ecs-service', name: 'api', cluster: 'clinic', service: 'api', desiredCount: 2 },
    { kind: 'flip-deployment', name: 'jobs', function: 'jobs', alias: 'live', toAlias: 'standby' },
    { kind: 'invoke-function', name: 'cache', function: 'warm-cache' },
  ],
  healthySeconds: 300,
}

interface Statement {
  readonly Action: string | readonly string[]
  readonly Resource: unknown
}
/** What the functions that bring the application up may do to resources that are not ours, by region. */
function granted(tier: Policy['applicationTier']) {
  const roles = resourcesOf(synthesize({ ...policy, applicationTier: tier }), 'AWS::IAM::ManagedPolicy').filter(
    ({ Properties }) => String(Properties?.['ManagedPolicyName']).includes('runbook-application'),
  )
  return Object.fromEntries(
    roles.map(({ region, Properties }) => {
      const { Statement } = Properties!['PolicyDocument'] as { Statement: readonly Statement[] }
      const statements = Statement.map(({ Action, Resource }) => ({ actions: [Action].flat(), on: Resource }))
      return [region, statements.filter(({ actions }) => actions.some((action) => /^(ecs|lambda):/.test(action)))]
    }),
  )
}

test('the application tier costs no privilege where the policy brings nothing up', () => {
  expect(policy.applicationTier.mode).toBe('none')
  expect(granted(policy.applicationTier)).toEqual({ 'sa-east-1': [], 'eu-west-1': [] })
})

test('each declared hook is a privilege on exactly what it names, in the region that is taken over', () => {
  const own = (region: string) => {
    const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${accountId}:${resource}`
    return [
      { actions: ['ecs:DescribeServices', 'ecs:UpdateService'], on: arn('ecs', 'service/clinic/api') },
      { actions: ['lambda:GetAlias', 'lambda:UpdateAlias'], on: arn('lambda', 'function:jobs') },
      { actions: ['lambda:InvokeFunction'], on: arn('lambda', 'function:warm-cache') },
    ]
  }
  expect(granted(HOOKS)).toEqual({ 'sa-east-1': own('sa-east-1'), 'eu-west-1': own('eu-west-1') })
})
