import { App } from 'aws-cdk-lib'
import { IMPORT_LOSSES, lostByImport, parsePolicy, withRecoveryRegion, type Policy } from '../../core/policy'
import { acknowledgeFindings, acknowledgements } from '../../lib/acknowledgements'
import { featureFlags } from '../../lib/feature-flags'
import { Names } from '../../lib/names'
import { addChecks, FAIL_ON_FINDINGS } from '../../lib/validation'
import { resolvePolicy } from '../../policy'
import * as rules from '../invariants/rules'
import { resourcesOf, stageIn, synthesize } from './synth'

const production = withRecoveryRegion(resolvePolicy('production'))
const KEY = 'arn:aws:kms:sa-east-1:111122223333:key/0f0f'
const imports: Policy['imports'] = {
  database: {
    mode: 'import',
    generation: 1,
    instanceIdentifier: 'clinic',
    endpointHost: 'clinic.abc123.sa-east-1.rds.amazonaws.com',
    port: 5432,
    resourceId: 'db-ABC123',
    securityGroupId: 'sg-0123',
    kmsKeyArn: KEY,
    ownerSecretArn: 'arn:aws:secretsmanager:sa-east-1:111122223333:secret:clinic-owner-AbCdEf',
    ownerSecretKeyArn: KEY,
    backupRetentionDays: 35,
  },
  keys: { mode: 'import', existing: [{ region: 'primary', purpose: 'backup', arn: KEY }] },
}
// A database is imported with the network in which it stands: from one of ours no function would reach it.
const network = {
  ...production.topology.network,
  primary: {
    ...production.topology.network.primary,
    mode: 'import' as const,
    vpcId: 'vpc-1',
    isolatedSubnetIds: ['subnet-1', 'subnet-2', 'subnet-3'],
  },
}
const policy = parsePolicy({ ...production, imports, topology: { ...production.topology, network } })
const names = new Names(policy)
const stacks = synthesize(policy)
const textOf = (type: string, stack?: string) =>
  JSON.stringify(resourcesOf(stack ? stacks.filter(({ name }) => name === stack) : stacks, type))

describe('an imported database', () => {
  it('is not created, and is known by its own name wherever ours would be', () => {
    const instances = resourcesOf(stacks, 'AWS::RDS::DBInstance')
    expect(instances.map(({ stack }) => stack)).toEqual([names.stack('replica', 'recovery', 2)])
    expect(instances[0]?.Properties).toMatchObject({
      SourceDBInstanceIdentifier: 'arn:aws:rds:sa-east-1:111122223333:db:clinic',
      SourceRegion: 'sa-east-1',
    })
    expect(JSON.stringify(stacks)).not.toContain('neonpro-production-db-g1')
  })

  it('is backed up by name, since no template of ours can give it the tag', () => {
    expect(textOf('AWS::Backup::BackupSelection', names.stack('backup-plan', 'primary'))).toContain(
      '"Resources":["arn:aws:rds:sa-east-1:111122223333:db:clinic"]',
    )
  })

  it('lets our functions in, and no other address', () => {
    const own = names.stack('imported-database', 'primary', 1)
    const ingress = resourcesOf(
      stacks.filter(({ name }) => name === own),
      'AWS::EC2::SecurityGroupIngress',
    )
    expect(ingress.map(({ Properties }) => Properties)).toEqual([
      expect.objectContaining({ GroupId: 'sg-0123', FromPort: 5432, ToPort: 5432, IpProtocol: 'tcp' }),
    ])
    expect(JSON.stringify(ingress)).toContain('NetworkClients')
    expect(JSON.stringify(ingress)).not.toContain('CidrIp')
  })

  it('has our functions beside it, in the network that was imported with it', () => {
    const groups = resourcesOf(
      stacks.filter(({ name }) => name === names.stack('network', 'primary')),
      'AWS::EC2::SecurityGroup',
    )
    expect(groups.length).toBeGreaterThan(0)
    for (const { Properties } of groups) expect(Properties?.['VpcId']).toBe('vpc-1')
  })

  it('is what the guard logs in to, by its resource id', () => {
    expect(textOf('AWS::IAM::ManagedPolicy', names.stack('runbooks', 'primary'))).toContain(
      'dbuser:db-ABC123/recovery_fence',
    )
  })

  it('is watched like a created one', () => {
    expect(textOf('AWS::CloudWatch::Alarm', names.stack('operations', 'primary'))).toContain('"Value":"clinic"')
  })
})

describe('an imported key', () => {
  const keysStack = stacks.filter(({ name }) => name === names.stack('keys', 'primary'))

  it('is used under the name by which other regions know it, and no other one is made for its purpose', () => {
    const aliases = resourcesOf(keysStack, 'AWS::KMS::Alias').map(({ Properties }) => [
      Properties?.['AliasName'],
      typeof Properties?.['TargetKeyId'] === 'string' ? Properties['TargetKeyId'] : 'created',
    ])
    expect(aliases).toContainEqual([names.keyAlias('backup'), KEY])
    expect(aliases.filter(([, key]) => key === KEY)).toHaveLength(1)
    expect(resourcesOf(keysStack, 'AWS::KMS::Key')).toHaveLength(aliases.length - 1)
    for (const { Properties } of resourcesOf(
      stacks.filter(({ name }) => name === names.stack('vaults', 'primary')),
      'AWS::Backup::BackupVault',
    ))
      expect(Properties?.['EncryptionKeyArn']).toBe(KEY)
  })
})

it('keeps the invariants of the tree, and passes every check', async () => {
  for (const rule of [rules.retained, rules.protectedFromDeletion, rules.encryptedWithCustomerKey])
    expect(rule(stacks)).toEqual([])
  const app = new App({ context: featureFlags(), analyticsReporting: false, postCliContext: FAIL_ON_FINDINGS })
  acknowledgeFindings(stageIn(app, policy), acknowledgements(policy))
  await addChecks(app)
  expect(() => app.synth()).not.toThrow()
})

describe('what imports take out of our hands', () => {
  it('is nothing where everything is created', () => {
    expect(lostByImport(production)).toEqual([])
  })

  it('is named for each import by itself', () => {
    const lost = lostByImport(policy)
    expect(new Set(lost.map(({ resource }) => resource))).toEqual(
      new Set(['network of the primary region', "database 'clinic'", "key for 'backup' of the primary region"]),
    )
    expect(lost).toHaveLength(Object.values(IMPORT_LOSSES).flat().length)
  })

  it('covers every setting that a created database has for its protection', () => {
    const [created] = resourcesOf(synthesize(production), 'AWS::RDS::DBInstance').filter(({ stack }) =>
      stack.includes('-database-'),
    )
    const explained: Readonly<Record<string, string>> = {
      DeletionProtection: 'deletion protection',
      DeleteAutomatedBackups: 'deletion protection',
      StorageEncrypted: 'encryption',
      KmsKeyId: 'encryption',
      MultiAZ: 'standby',
      DBParameterGroupName: 'TLS and audit',
      EnableIAMDatabaseAuthentication: 'IAM logins',
      PreferredMaintenanceWindow: 'maintenance window',
      Tags: 'selection by tag',
      EnableCloudwatchLogsExports: 'logs',
      MonitoringRoleArn: 'logs',
      MasterUserPassword: 'secret',
    }
    const lost = IMPORT_LOSSES.database.map(({ protection }) => protection)
    for (const [property, protection] of Object.entries(explained)) {
      expect(created?.Properties).toHaveProperty(property)
      expect(lost).toContain(protection)
    }
  })
})
