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
/** What the function that brings the application up may do to resources that are not ours. */
function granted(tier: Policy['applicationTier']) {
  const roles = resourcesOf(synthesize({ ...policy, applicationTier: tier }), 'AWS::IAM::ManagedPolicy').filter(
    ({ Properties }) => String(Properties?.['ManagedPolicyName']).includes('runbook-application'),
  )
  expect(roles).toHaveLength(1)
  const { Statement } = roles[0]!.Properties!['PolicyDocument'] as { Statement: readonly Statement[] }
  return Statement.map(({ Action, Resource }) => ({ actions: [Action].flat(), on: Resource })).filter(({ actions }) =>
    actions.some((action) => /^(ecs|lambda):/.test(action)),
  )
}

test('the application tier costs no privilege where the policy brings nothing up', () => {
  expect(policy.applicationTier.mode).toBe('none')
  expect(granted(policy.applicationTier)).toEqual([])
})

test('each declared hook is a privilege on exactly what it names, in the recovery region', () => {
  const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:${accountId}:${resource}`
  expect(granted(HOOKS)).toEqual([
    { actions: ['ecs:DescribeServices', 'ecs:UpdateService'], on: arn('ecs', 'service/clinic/api') },
    { actions: ['lambda:GetAlias', 'lambda:UpdateAlias'], on: arn('lambda', 'function:jobs') },
    { actions: ['lambda:InvokeFunction'], on: arn('lambda', 'function:warm-cache') },
  ])
})
