import { parsePolicy, withRecoveryRegion, type Policy } from '../../core/policy'
import { Names } from '../../lib/names'
import { resolvePolicy } from '../../policy'
import { PRESETS } from '../policy/presets'
import { resourcesOf, synthesize, type SynthesizedStack } from './synth'

const policy = withRecoveryRegion(resolvePolicy('production'))
const names = new Names(policy)
const stacks = synthesize(policy)
const { regions } = policy.topology
const regionsOf = (type: string, tree = stacks) => resourcesOf(tree, type).map(({ region }) => region)
const only = (type: string, tree: readonly SynthesizedStack[] = stacks) => {
  const [found, ...more] = resourcesOf(tree, type)
  if (!found || more.length > 0) throw new Error(`expected one ${type}, found ${more.length + (found ? 1 : 0)}`)
  return found
}
const statements = (bucketStack: string, bucketId: RegExp) =>
  resourcesOf(stacks, 'AWS::S3::BucketPolicy')
    .filter(({ stack, id }) => stack === bucketStack && bucketId.test(id))
    .flatMap(
      ({ Properties }) =>
        (Properties!['PolicyDocument'] as { Statement: { Sid?: string; Effect: string }[] }).Statement,
    )

describe('the trail', () => {
  const trail = only('AWS::CloudTrail::Trail')

  it('records every call of every region, signed, under a key of our own', () => {
    expect(trail.Properties).toMatchObject({
      TrailName: names.trail(),
      IsLogging: true,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      EnableLogFileValidation: true,
      KMSKeyId: expect.anything(),
    })
    expect(JSON.stringify(trail.Properties?.['AdvancedEventSelectors'])).toContain('"Management"')
  })

  it('is kept where recovery is run from, so that it is not lost with the primary region', () => {
    expect(trail.region).toBe(regions.recovery)
    expect(only('AWS::CloudTrail::Trail', synthesize(PRESETS['brazil-only'])).region).toBe(regions.primary)
  })

  it('records every write into each bucket that the policy names, in every region that has it', () => {
    const selectors = JSON.stringify(trail.Properties?.['AdvancedEventSelectors'])
    for (const role of names.roles) expect(selectors).toContain(`"${names.bucketArn('evidence', role)}/"`)
    for (const role of names.dataRoles) expect(selectors).toContain(`"${names.bucketArn('configuration', role)}/"`)
    expect(selectors).not.toContain(names.bucketArn('assets', 'primary'))
  })

  it('goes into a bucket that is locked for as long as operational data is kept, and that only this trail writes', () => {
    const [bucket] = resourcesOf(stacks, 'AWS::S3::Bucket').filter(
      ({ Properties }) => Properties?.['BucketName'] === names.bucket('trail', 'recovery'),
    )
    expect(bucket?.Properties?.['ObjectLockConfiguration']).toEqual({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Days: 731, Mode: 'GOVERNANCE' } },
    })
    const granted = statements(names.stack('audit', 'recovery'), /Trail/).filter(({ Effect }) => Effect === 'Allow')
    const sent = granted.filter(({ Sid }) => Sid?.startsWith('Trail'))
    expect(sent).toHaveLength(2)
    for (const statement of sent) expect(JSON.stringify(statement)).toContain(names.trailArn())
  })
})

describe('the recorder of AWS Config', () => {
  it('stands in each data region, and records what is global once', () => {
    const recorders = resourcesOf(stacks, 'AWS::Config::ConfigurationRecorder')
    expect(
      recorders.map(({ region, Properties }) => [
        region,
        (Properties!['RecordingGroup'] as { IncludeGlobalResourceTypes: boolean }).IncludeGlobalResourceTypes,
      ]),
    ).toEqual(
      expect.arrayContaining([
        [regions.primary, false],
        [regions.recovery, true],
      ]),
    )
    expect(recorders).toHaveLength(2)
  })

  it('delivers into a bucket without a default retention, into which it could not deliver, and in which nobody deletes', () => {
    for (const { Properties, stack, region } of resourcesOf(stacks, 'AWS::Config::DeliveryChannel')) {
      const [bucket] = resourcesOf(stacks, 'AWS::S3::Bucket').filter(
        (b) => b.Properties?.['BucketName'] === Properties?.['S3BucketName'],
      )
      expect([bucket?.region, bucket?.Properties?.['ObjectLockConfiguration']]).toEqual([region, undefined])
      const denied = statements(bucket!.stack, /Audit/).filter(({ Effect }) => Effect === 'Deny')
      expect(JSON.stringify(denied)).toContain('s3:DeleteObjectVersion')
      expect(stacks.find(({ name }) => name === stack)?.dependencies).toContain(bucket?.stack)
    }
  })

  // https://docs.aws.amazon.com/config/latest/APIReference/API_StartConfigurationRecorder.html
  it('does not wait for its channel, nor the channel for it: CloudFormation starts it once both are there', () => {
    for (const { template } of stacks) {
      const resources = Object.entries(template.Resources)
      const idsOf = (type: string) => resources.filter(([, { Type }]) => Type === type).map(([id]) => id)
      const pairs = [...idsOf('AWS::Config::ConfigurationRecorder'), ...idsOf('AWS::Config::DeliveryChannel')]
      for (const id of pairs)
        for (const other of pairs) expect(JSON.stringify(template.Resources[id])).not.toContain(`"${other}"`)
    }
  })
})

describe('the detector of GuardDuty', () => {
  it('looks in every region that holds anything of ours', () => {
    expect(new Set(regionsOf('AWS::GuardDuty::Detector'))).toEqual(new Set(Object.values(regions)))
  })
})

interface ConfigRule {
  readonly ConfigRuleName: string
  readonly Source: { readonly Owner: string; readonly SourceIdentifier: string }
  readonly InputParameters?: Readonly<Record<string, string>>
  readonly Scope?: { readonly TagKey?: string; readonly ComplianceResourceTypes?: readonly string[] }
}
const rulesOf = (region: string, tree = stacks) =>
  resourcesOf(tree, 'AWS::Config::ConfigRule')
    .filter((rule) => rule.region === region)
    .map(({ Properties }) => Properties as unknown as ConfigRule)
const judge = (identifier: string, tree = stacks, region = regions.primary) =>
  rulesOf(region, tree).find(({ Source }) => Source.SourceIdentifier === identifier)

describe('the rules of AWS Config', () => {
  const { backup } = policy

  it('judge by the numbers and names of the policy', () => {
    expect(judge('BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK')?.InputParameters).toEqual({
      requiredRetentionDays: String(backup.pointInTimeRetentionDays),
    })
    expect(judge('BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK')?.InputParameters).toEqual({
      requiredFrequencyUnit: 'days',
      requiredFrequencyValue: '1',
      requiredRetentionDays: String(backup.snapshotRetentionDays),
    })
    expect(judge('DB_INSTANCE_BACKUP_ENABLED')?.InputParameters).toEqual({
      backupRetentionPeriod: String(backup.pointInTimeRetentionDays),
    })
  })

  it('accept what the plans of the templates make: nothing is kept for less than they demand', () => {
    const shortest = Number(
      judge('BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK')?.InputParameters?.['requiredRetentionDays'],
    )
    const kept = resourcesOf(stacks, 'AWS::Backup::BackupPlan').flatMap(({ Properties }) =>
      (
        Properties!['BackupPlan'] as { BackupPlanRule: { Lifecycle: { DeleteAfterDays: number } }[] }
      ).BackupPlanRule.map(({ Lifecycle }) => Lifecycle.DeleteAfterDays),
    )
    expect(Math.min(...kept)).toBe(shortest)
  })

  it('judge nothing that is not declared: no standby where the policy has none, no exception where nobody may delete', () => {
    const tree = synthesize(
      parsePolicy({
        ...policy,
        database: { ...policy.database, multiAz: false },
        backup: { ...backup, vaultAccess: { mode: 'nobody' } },
      }),
    )
    expect([judge('RDS_MULTI_AZ_SUPPORT'), judge('RDS_MULTI_AZ_SUPPORT', tree)]).toEqual([expect.anything(), undefined])
    expect(judge('BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED', tree)?.InputParameters).toEqual({
      principalArnList: names.deploymentRoleArn('primary'),
    })
  })

  // https://docs.aws.amazon.com/config/latest/developerguide/backup-recovery-point-manual-deletion-disabled.html
  it('find in the policy of every vault the one statement that they look for, with just the roles that they admit', () => {
    const wanted = [
      'backup:DeleteRecoveryPoint',
      'backup:UpdateRecoveryPointLifecycle',
      'backup:PutBackupVaultAccessPolicy',
    ]
    interface Statement {
      readonly Action: string[]
      readonly Condition: { readonly ArnNotEquals: Readonly<Record<string, string[]>> }
    }
    for (const region of [regions.primary, regions.recovery]) {
      const { InputParameters } = judge('BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED', stacks, region)!
      const admitted = InputParameters?.['principalArnList']?.split(',')
      const vaults = resourcesOf(stacks, 'AWS::Backup::BackupVault').filter((vault) => vault.region === region)
      expect(vaults).toHaveLength(3)
      for (const { Properties } of vaults) {
        const { Statement } = Properties!['AccessPolicy'] as { Statement: Statement[] }
        const [found, ...more] = Statement.filter(({ Action }) => wanted.every((action) => Action.includes(action)))
        expect(more).toEqual([])
        expect(found).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' }, Resource: '*', Action: wanted })
        expect(found?.Condition.ArnNotEquals['aws:PrincipalArn']).toEqual(admitted)
      }
    }
  })

  it('hold copies of a restore test and replicas to what every database keeps, and only the writer to the rest', () => {
    const byTag = rulesOf(regions.primary).filter(({ Scope }) => Scope?.TagKey !== undefined)
    expect(new Set(byTag.map(({ Source }) => Source.SourceIdentifier))).toEqual(
      new Set([
        'RDS_MULTI_AZ_SUPPORT',
        'RDS_INSTANCE_DELETION_PROTECTION_ENABLED',
        'RDS_INSTANCE_IAM_AUTHENTICATION_ENABLED',
        'DB_INSTANCE_BACKUP_ENABLED',
      ]),
    )
    const tags = resourcesOf(stacks, 'AWS::RDS::DBInstance').map(({ stack, Properties }) => [
      stack,
      (Properties!['Tags'] as { Key: string }[]).some(({ Key }) => Key === byTag[0]?.Scope?.TagKey),
    ])
    expect(Object.fromEntries(tags)).toMatchObject({
      [names.stack('database', 'primary', 1)]: true,
      [names.stack('replica', 'recovery', 2)]: false,
    })
  })

  it('judge the trail once, whoever runs it', () => {
    expect(judge('MULTI_REGION_CLOUD_TRAIL_ENABLED', stacks, regions.recovery)).toBeDefined()
    expect(judge('MULTI_REGION_CLOUD_TRAIL_ENABLED')).toBeUndefined()
  })

  it('judge who can get into the account once, where global resources are recorded, by the numbers of the policy', () => {
    const identifiers = [
      'ROOT_ACCOUNT_MFA_ENABLED',
      'IAM_ROOT_ACCESS_KEY_CHECK',
      'IAM_USER_MFA_ENABLED',
      'IAM_PASSWORD_POLICY',
    ]
    for (const identifier of identifiers)
      expect([judge(identifier), judge(identifier, stacks, regions.recovery)]).toEqual([undefined, expect.anything()])
    const { access, people } = policy
    const own = people.passwordPolicy as { maxAgeDays: number; remembered: number }
    expect(judge('IAM_PASSWORD_POLICY', stacks, regions.recovery)?.InputParameters).toEqual({
      MinimumPasswordLength: String(access.authentication.passwordMinLength),
      RequireUppercaseCharacters: 'true',
      RequireLowercaseCharacters: 'true',
      RequireNumbers: 'true',
      RequireSymbols: 'true',
      MaxPasswordAge: String(own.maxAgeDays),
      PasswordReusePrevention: String(own.remembered),
    })
    const existing = { mode: 'existing', reason: 'the organization runs it for all of its accounts' }
    const tree = synthesize(parsePolicy({ ...policy, people: { ...people, passwordPolicy: existing } }))
    expect(judge('IAM_PASSWORD_POLICY', tree, regions.recovery)).toBeUndefined()
    expect(judge('ROOT_ACCOUNT_MFA_ENABLED', tree, regions.recovery)).toBeDefined()
  })

  it('wait for the recorder, without which AWS Config takes none', () => {
    const [stack] = stacks.filter(({ name }) => name === names.stack('governance', 'primary'))
    const resources = Object.entries(stack!.template.Resources)
    const [recorder] = resources.find(([, { Type }]) => Type === 'AWS::Config::ConfigurationRecorder')!
    const waiting = resources.filter(([, { Type }]) => /ConfigRule$|::Framework$/.test(Type))
    expect(waiting.length).toBeGreaterThan(10)
    for (const [, resource] of waiting)
      expect(resource).toMatchObject({ DependsOn: expect.arrayContaining([recorder]) })
  })
})

describe('AWS Backup Audit Manager', () => {
  interface Control {
    readonly ControlName: string
    readonly ControlInputParameters: readonly { readonly ParameterName: string; readonly ParameterValue: string }[]
    readonly ControlScope?: { readonly ComplianceResourceTypes: readonly string[] }
  }
  const controlsOf = (region: string, tree = stacks): readonly Control[] =>
    resourcesOf(tree, 'AWS::Backup::Framework')
      .filter((framework) => framework.region === region)
      .flatMap(({ Properties }) => Properties?.['FrameworkControls'] as Control[])
  const control = (name: string, region = regions.primary, tree = stacks) =>
    controlsOf(region, tree).find(({ ControlName }) => ControlName === name)
  const valueOf = (name: string, parameter: string) =>
    control(name)?.ControlInputParameters.find(({ ParameterName }) => ParameterName === parameter)?.ParameterValue

  it('judges frequency, retention, encryption, copies and locks by the policy', () => {
    expect(valueOf('BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK', 'requiredRetentionDays')).toBe('90')
    expect(valueOf('BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK', 'requiredRetentionDays')).toBe('35')
    expect(valueOf('BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION', 'crossRegionList')).toBe(regions.recovery)
    // A day, and the window in which the next backup may end.
    expect(valueOf('BACKUP_LAST_RECOVERY_POINT_CREATED', 'recoveryPointAgeValue')).toBe('27')
    for (const name of ['BACKUP_RECOVERY_POINT_ENCRYPTED', 'BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK'])
      expect(control(name)).toBeDefined()
  })

  it('admits to the vaults whom AWS Config admits', () => {
    const name = 'BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED'
    expect(valueOf(name, 'principalArnList')).toBe(judge(name)?.InputParameters?.['principalArnList'])
  })

  it('looks at kinds of resources and never at tags, which would hide a database that lost its tag', () => {
    const scopes = controlsOf(regions.primary).flatMap(({ ControlScope }) => ControlScope ?? [])
    expect(scopes.length).toBeGreaterThan(0)
    for (const scope of scopes) expect(Object.keys(scope)).toEqual(['ComplianceResourceTypes'])
  })

  it('demands a plan of databases only in the region that writes, and follows it', () => {
    const plan = 'BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN'
    const swapped = synthesize({ ...policy, topology: { ...policy.topology, active: 'recovery' } })
    expect([control(plan), control(plan, regions.recovery)]).toEqual([expect.anything(), undefined])
    expect([control(plan, regions.primary, swapped), control(plan, regions.recovery, swapped)]).toEqual([
      undefined,
      expect.anything(),
    ])
  })

  it('demands neither a lock nor a copy that the policy does not declare', () => {
    const reason = 'this account is thrown away after the exercise'
    const vaults = { ...policy.backup.vaults, snapshots: { lock: { mode: 'none', reason } } }
    const unlocked = synthesize(parsePolicy({ ...policy, backup: { ...policy.backup, vaults } }))
    expect(control('BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK', regions.primary, unlocked)).toBeUndefined()
    const brazil = controlsOf(regions.primary, synthesize(PRESETS['brazil-only']))
    expect(brazil.map(({ ControlName }) => ControlName)).not.toContain('BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION')
  })

  it('reports daily into the bucket of its region, where its role may write', () => {
    const plans = resourcesOf(stacks, 'AWS::Backup::ReportPlan')
    expect(plans).toHaveLength(10)
    for (const { region, Properties } of plans) {
      const { S3BucketName, S3KeyPrefix } = Properties!['ReportDeliveryChannel'] as Record<string, string>
      const role = region === regions.primary ? 'primary' : 'recovery'
      expect(S3BucketName).toBe(names.bucket('audit', role))
      const granted = statements(names.stack('audit', role), /Audit/).filter(({ Sid }) => Sid === 'BackupWritesReports')
      expect(JSON.stringify(granted)).toContain(`/${S3KeyPrefix}/*`)
      expect(Properties?.['ReportPlanName']).toMatch(/^[a-zA-Z]\w{0,255}$/)
    }
  })

  it('writes reports under the role of the account, which is there before a policy names it', () => {
    const created = only('AWS::IAM::ServiceLinkedRole')
    expect([created.region, created.Properties]).toEqual([
      regions.recovery,
      { AWSServiceName: 'reports.backup.amazonaws.com' },
    ])
    const [waiting] = resourcesOf(stacks, 'AWS::S3::BucketPolicy').filter(
      ({ stack, Properties }) =>
        stack === created.stack && JSON.stringify(Properties).includes(names.backupReportsRoleArn()),
    )
    expect(waiting).toMatchObject({ DependsOn: [created.id.split('/')[1]] })
    const existing = { ...policy.governance, backupAudit: { mode: 'create', reportsRole: 'existing' } }
    const tree = synthesize(parsePolicy({ ...policy, governance: existing }))
    expect(resourcesOf(tree, 'AWS::IAM::ServiceLinkedRole')).toEqual([])
  })

  it('is not there where the policy says why', () => {
    const reason = 'the region of this account does not have it'
    const without = { ...policy.governance, backupAudit: { mode: 'none', reason } }
    const tree = synthesize(parsePolicy({ ...policy, governance: without }))
    expect(resourcesOf(tree, 'AWS::Backup::Framework', 'AWS::Backup::ReportPlan')).toEqual([])
  })
})

describe('what stands already in the account', () => {
  const reason = 'the organization runs it for all of its accounts'
  const existing: Policy = parsePolicy({
    ...policy,
    governance: {
      ...policy.governance,
      trail: { mode: 'existing', reason },
      recorder: { mode: 'existing', reason },
      detector: { mode: 'existing', reason },
    },
    transfers: policy.transfers.filter(({ flow }) => flow !== 'audit-trail'),
  })

  it.each([
    'AWS::CloudTrail::Trail',
    'AWS::Config::ConfigurationRecorder',
    'AWS::Config::DeliveryChannel',
    'AWS::GuardDuty::Detector',
  ])('a second %s is not created', (type) => {
    expect(regionsOf(type).length).toBeGreaterThan(0)
    expect(regionsOf(type, synthesize(existing))).toEqual([])
  })

  it('needs a reason', () => {
    const silent = { ...policy.governance, recorder: { mode: 'existing', reason: '' } }
    expect(() => parsePolicy({ ...policy, governance: silent })).toThrow(/governance\.recorder\.reason/)
  })
})
