import { App } from 'aws-cdk-lib'
import { parsePolicy, withRecoveryRegion, type Policy } from '../../core/policy'
import { acknowledgeFindings, acknowledgements } from '../../lib/acknowledgements'
import { featureFlags } from '../../lib/feature-flags'
import { addChecks, FAIL_ON_FINDINGS } from '../../lib/validation'
import * as rules from '../invariants/rules'
import { PRESETS } from '../policy/presets'
import { resourcesOf, stageIn, synthesize } from './synth'

type Preset = keyof typeof PRESETS

/** What `cdk synth` does with a policy, in this process. */
async function validated(policy: Policy, acknowledged = true): Promise<void> {
  const app = new App({ context: featureFlags(), analyticsReporting: false, postCliContext: FAIL_ON_FINDINGS })
  const stage = stageIn(app, policy)
  if (acknowledged) acknowledgeFindings(stage, acknowledgements(policy))
  await addChecks(app)
  app.synth()
}

test.each<Preset>(['us-east-2', 'brazil-only'])('%s synthesizes without an open finding', async (preset) => {
  await expect(validated(PRESETS[preset])).resolves.toBeUndefined()
})

test.each<Preset>(['us-east-2', 'brazil-only'])('%s keeps the invariants of the tree', (preset) => {
  const stacks = synthesize(PRESETS[preset])
  for (const rule of [
    rules.retained,
    rules.protectedFromDeletion,
    rules.encryptedWithCustomerKey,
    rules.arm64OnOneRuntime,
    rules.logsExpire,
    rules.noWildcardActions,
    rules.wildcardResourcesOnlyWhereUnavoidable,
    rules.rolesCarryTheirRegion,
    rules.noCrossRegionReferences,
  ])
    expect(rule(stacks)).toEqual([])
})

test('a policy with networks that exist synthesizes without an open finding', async () => {
  const policy = withRecoveryRegion(PRESETS['eu-west-1'])
  const existing = (role: 'primary' | 'recovery') => ({
    mode: 'import' as const,
    cidr: policy.topology.network[role].cidr,
    vpcId: `vpc-${role}`,
    isolatedSubnetIds: policy.topology.availabilityZones[role].map((zone) => `subnet-${zone}`),
  })
  const network = { primary: existing('primary'), recovery: existing('recovery') }
  await expect(
    validated(parsePolicy({ ...policy, topology: { ...policy.topology, network } })),
  ).resolves.toBeUndefined()
})

test('a finding that nobody acknowledged fails a preset', async () => {
  await expect(validated(PRESETS['brazil-only'], false)).rejects.toThrow(
    /HIPAA.Security-RDSInBackupPlan[^]*AwsSolutions-RDS11/,
  )
})

test('us-east-2 has the history of the writer replicated, under the key that the policy names', () => {
  const { crossRegionPointInTime } = PRESETS['us-east-2'].mechanisms
  const instances = resourcesOf(synthesize(PRESETS['us-east-2']), 'AWS::RDS::DBInstance')
  const replicated = instances.filter(({ Properties }) => Properties?.['AutomaticBackupReplicationRegion'])
  expect(replicated.map(({ stack, Properties }) => [stack, Properties])).toEqual([
    [
      'neonpro-production-database-primary-g1',
      expect.objectContaining({
        AutomaticBackupReplicationRegion: 'us-east-2',
        AutomaticBackupReplicationKmsKeyId: 'kmsKeyArn' in crossRegionPointInTime && crossRegionPointInTime.kmsKeyArn,
        AutomaticBackupReplicationRetentionPeriod: 35,
      }),
    ],
  ])
})

describe('brazil-only', () => {
  const stacks = synthesize(PRESETS['brazil-only'])

  test('stands in sa-east-1 and names no other region', () => {
    expect(new Set(stacks.map(({ region }) => region))).toEqual(new Set(['sa-east-1']))
    expect(JSON.stringify(stacks)).not.toMatch(/(us|eu|ca|ap|me|af|mx|il)-(east|west|north|south|central)-\d/)
  })

  test('has what ADR 001 says, and nothing to fail over to', () => {
    const kinds = stacks.map(({ name }) => name.replace('neonpro-production-', '')).toSorted()
    expect(kinds).toEqual([
      'access-primary',
      'archive-dump-primary',
      'archive-export-primary',
      'archive-primary',
      'assets-primary',
      'audit-primary',
      'backup-plan-primary',
      'code-primary',
      'configuration-primary',
      'database-primary-g1',
      'dns-primary',
      'evidence-primary',
      'governance-primary',
      'keys-primary',
      'network-primary',
      'operations-primary',
      'restore-testing-primary',
      'vaults-primary',
      'verification-primary',
    ])
    const served = resourcesOf(stacks, 'AWS::Route53::RecordSet')
    expect(served.map(({ Properties }) => Properties?.['Failover'])).toEqual([undefined])
    expect(resourcesOf(stacks, 'AWS::Route53::HealthCheck')).toEqual([])
  })

  test('copies no backup', () => {
    expect(JSON.stringify(resourcesOf(stacks, 'AWS::Backup::BackupPlan'))).not.toContain('CopyActions')
    expect(resourcesOf(stacks, 'AWS::Backup::BackupVault')).toHaveLength(2)
  })
})
