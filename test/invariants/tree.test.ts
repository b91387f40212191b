import { Stack } from 'aws-cdk-lib'
import { HostedZone } from 'aws-cdk-lib/aws-route53'
import { HUMAN_ROLE_NAMES } from '../../core/access/human-roles'
import { withRecoveryRegion } from '../../core/policy'
import { GLOBAL_SERVICES_REGION } from '../../core/policy/flows'
import pinned from './stateful-logical-ids.json'
import { resolvePolicy } from '../../policy'
import { replicatedSecrets } from '../../lib/composition/replicated-secrets'
import { Names } from '../../lib/names'
import { FENCE_ROLE as ADAPTERS_FENCE_ROLE } from '../../adapters/postgres/guard-schema'
import { FENCE_ROLE } from '../../lib/function-bindings'
import { FUNCTIONS } from '../../lib/functions'
import { runbooksOf } from '../../lib/runbook-machines'
import { functionNames } from '../../scripts/bundle'
import { synthesize, type Resource, type SynthesizedStack } from '../lib/synth'
import * as rules from './rules'

const policy = withRecoveryRegion(resolvePolicy('production'))
const names = new Names(policy)
const stacks = synthesize(policy)

/** The same tree with one resource of a type changed: what a violation would look like. */
function planted(
  type: string,
  change: (resource: Record<string, unknown>) => void,
  which: (resource: Resource) => boolean = () => true,
): SynthesizedStack[] {
  const copy = structuredClone(stacks)
  const resource = copy.flatMap((s) => Object.values(s.template.Resources)).find((r) => r.Type === type && which(r))
  if (!resource) throw new Error(`no resource of type ${type} to plant a violation in`)
  change(resource as unknown as Record<string, unknown>)
  return copy
}
const withProperty = (type: string, name: string, value: unknown) =>
  planted(type, (r) => ((r['Properties'] as Record<string, unknown>)[name] = value))
const withStatement = (statement: object) =>
  withProperty('AWS::IAM::ManagedPolicy', 'PolicyDocument', { Statement: [statement] })

/** Statements of a policy of a resource that name a service. */
const statementsFor = (resource: Record<string, unknown>, property: string, service: string) =>
  (resource['Properties'] as Record<string, { Statement: Record<string, unknown>[] }>)[property]!.Statement.filter(
    (statement) => JSON.stringify(statement['Principal'] ?? {}).includes(service),
  )
const withoutStatements = (type: string, property: string, service: string) =>
  planted(
    type,
    (r) => statementsFor(r, property, service).forEach((statement) => (statement['Effect'] = 'Deny')),
    (r) => JSON.stringify(r).includes(service),
  )

type Case = readonly [string, rules.Rule, () => SynthesizedStack[]]

/** Who comes after whom when all regions are deployed at once. A new one is one more reason to need `--exclusively`. */
const ORDERED = (
  [
    ['evidence-primary', 'evidence-recovery'],
    ['evidence-recovery', 'evidence-witness'],
    ['assets-primary', 'assets-recovery'],
    ['archive-primary', 'archive-recovery'],
    ['configuration-primary', 'keys-recovery'],
    ['governance-primary', 'governance-recovery'],
    ['backup-plan-primary', 'vaults-recovery'],
    ['backup-plan-recovery', 'vaults-primary'],
    ['database-primary-g1', 'keys-recovery'],
    ['replica-recovery-g2', 'database-primary-g1'],
  ] as const
).map(([later, earlier]) => [`neonpro-production-${later}`, `neonpro-production-${earlier}`] as const)

/** Each invariant, once for every kind of place that it looks at. */
const cases: readonly Case[] = [
  [
    'what holds data is retained',
    rules.retained,
    () => planted('AWS::S3::Bucket', (r) => (r['DeletionPolicy'] = 'Delete')),
  ],
  [
    'what holds data is retained when it is replaced',
    rules.retained,
    () => planted('AWS::DynamoDB::GlobalTable', (r) => (r['UpdateReplacePolicy'] = 'Delete')),
  ],
  [
    'every stack is protected from termination',
    rules.protectedFromDeletion,
    () => stacks.map((s, i) => (i === 0 ? { ...s, terminationProtection: false } : s)),
  ],
  [
    'history outlives its instance',
    rules.protectedFromDeletion,
    () => withProperty('AWS::RDS::DBInstance', 'DeleteAutomatedBackups', true),
  ],
  [
    'what holds data is protected from deletion',
    rules.protectedFromDeletion,
    () => withProperty('AWS::RDS::DBInstance', 'DeletionProtection', false),
  ],
  [
    'a coordination table is protected from deletion',
    rules.protectedFromDeletion,
    () => withProperty('AWS::DynamoDB::GlobalTable', 'Replicas', []),
  ],
  [
    'everything at rest is encrypted with a customer key',
    rules.encryptedWithCustomerKey,
    () => withProperty('AWS::RDS::DBInstance', 'KmsKeyId', undefined),
  ],
  ...(
    [
      ['logs', 'AWS::Logs::LogGroup', 'KmsKeyId', undefined],
      ['secrets', 'AWS::SecretsManager::Secret', 'KmsKeyId', undefined],
      ['vaults', 'AWS::Backup::BackupVault', 'EncryptionKeyArn', undefined],
      ['tables', 'AWS::DynamoDB::GlobalTable', 'Replicas', []],
      ['buckets', 'AWS::S3::Bucket', 'BucketEncryption', undefined],
    ] as const
  ).map(([what, type, property, without]): (typeof cases)[number] => [
    `${what} are encrypted with a customer key`,
    rules.encryptedWithCustomerKey,
    () =>
      planted(
        type,
        (r) => ((r['Properties'] as Record<string, unknown>)[property] = without),
        (r) => !rules.WITHOUT_CUSTOMER_KEY.test(String(r.Properties?.['BucketName'])),
      ),
  ]),
  [
    'functions run on one runtime',
    rules.arm64OnOneRuntime,
    () => withProperty('AWS::Lambda::Function', 'Runtime', 'nodejs22.x'),
  ],
  [
    'functions run on arm64',
    rules.arm64OnOneRuntime,
    () => withProperty('AWS::Lambda::Function', 'Architectures', ['x86_64']),
  ],
  ['logs expire', rules.logsExpire, () => withProperty('AWS::Logs::LogGroup', 'RetentionInDays', undefined)],
  [
    'no statement allows a wildcard action',
    rules.noWildcardActions,
    () => withStatement({ Effect: 'Allow', Action: 'rds:*', Resource: 'x' }),
  ],
  [
    'a wildcard resource stands only where an action knows no resource',
    rules.wildcardResourcesOnlyWhereUnavoidable,
    () => withStatement({ Effect: 'Allow', Action: 'rds:PromoteReadReplica', Resource: '*' }),
  ],
  [
    'only network interfaces are managed without a resource',
    rules.wildcardResourcesOnlyWhereUnavoidable,
    () => withStatement({ Effect: 'Allow', Action: ['ec2:DeleteNetworkInterface', 'ec2:DeleteVpc'], Resource: ['*'] }),
  ],
  [
    'role names carry their region',
    rules.rolesCarryTheirRegion,
    () => withProperty('AWS::IAM::Role', 'RoleName', 'fence'),
  ],
  [
    'no stack reads another region at deploy time',
    rules.noCrossRegionReferences,
    () =>
      withProperty('AWS::RDS::DBInstance', 'KmsKeyId', { 'Fn::ImportValue': 'neonpro-production-keys-nowhere:Key' }),
  ],
  [
    'no stack reads an output of another stack',
    rules.noCrossRegionReferences,
    () => withProperty('AWS::RDS::DBInstance', 'KmsKeyId', { 'Fn::GetStackOutput': {} }),
  ],
  [
    'no stack exports to another region',
    rules.noCrossRegionReferences,
    () => planted('AWS::KMS::Key', (r) => (r['Type'] = 'Custom::CrossRegionExportWriter')),
  ],
  [
    'the plan of the region that writes selects the writer by name, so that a lost tag loses no backup',
    rules.writerIsSelected(names.region('primary'), names.stack('database', 'primary', 1)),
    () =>
      planted(
        'AWS::Backup::BackupSelection',
        (r) => ((r['Properties'] as Record<string, Record<string, unknown>>)['BackupSelection']!['Resources'] = []),
        (r) => JSON.stringify(r).includes(`${names.databaseArn('primary', 1)}"`),
      ),
  ],
  [
    'every alarm reaches people: it has an action',
    rules.alarmsPage,
    () => withProperty('AWS::CloudWatch::Alarm', 'AlarmActions', []),
  ],
  [
    'every alarm reaches people: its topic lets CloudWatch in, since a policy of our own replaces the one of SNS',
    rules.alarmsPage,
    () => withoutStatements('AWS::SNS::TopicPolicy', 'PolicyDocument', 'cloudwatch.amazonaws.com'),
  ],
  [
    'every alarm reaches people: the key of its topic lets CloudWatch use it',
    rules.alarmsPage,
    () => withoutStatements('AWS::KMS::Key', 'KeyPolicy', 'cloudwatch.amazonaws.com'),
  ],
  [
    'every event arrives: a function lets its rule invoke it',
    rules.eventsArrive,
    () => withProperty('AWS::Lambda::Permission', 'Principal', 'sns.amazonaws.com'),
  ],
  [
    'every event arrives: dead letters let EventBridge in',
    rules.eventsArrive,
    () => withoutStatements('AWS::SQS::QueuePolicy', 'PolicyDocument', 'events.amazonaws.com'),
  ],
  [
    'every event is tried again where its function could not take it: it comes once',
    rules.eventsAreTriedAgain,
    () =>
      planted(
        'AWS::Lambda::EventInvokeConfig',
        (r) => ((r['Properties'] as Record<string, unknown>)['MaximumRetryAttempts'] = 0),
        ({ Properties }) => JSON.stringify(Properties).includes('incidentintake'),
      ),
  ],
  [
    'every event arrives: the key of the dead letters asks EventBridge for no account, which it does not tell',
    rules.eventsArrive,
    () =>
      planted(
        'AWS::KMS::Key',
        (r) =>
          statementsFor(r, 'KeyPolicy', 'events.amazonaws.com').forEach(
            (statement) => (statement['Condition'] = { StringEquals: { 'aws:SourceAccount': '1' } }),
          ),
        (r) => JSON.stringify(r).includes('events.amazonaws.com'),
      ),
  ],
  ...(['primary', 'recovery', 'witness'] as const).map((dark): Case => [
    `every other region deploys while the ${dark} region is dark`,
    rules.deploysAlone(ORDERED),
    () =>
      stacks.map((s) =>
        s.region === names.region(dark) ? s : { ...s, dependencies: [names.stack('runbooks', dark)] },
      ),
  ]),
]

test.each(cases)('%s', (_name, rule, violation) => {
  expect(rule(stacks)).toEqual([])
  expect(rule(violation())).not.toEqual([])
})

test('logical ids of what holds data never change by accident', () => {
  expect(rules.statefulIds(stacks)).toEqual(pinned)
  const renamed = stacks.map((s) => ({ ...s, name: s.name.replace('database', 'postgres') }))
  expect(rules.statefulIds(renamed)).not.toEqual(pinned)
})

test('every value that crosses a region is a chosen name or a policy value', () => {
  const { regions, accountId } = policy.topology
  const roles = ['primary', 'recovery', 'witness'] as const
  const evidencePaths = roles.flatMap((to) =>
    roles.flatMap((from) =>
      ['records', 'checkpoints', 'posture'].map(
        (kind) => `${names.bucketArn('evidence', to)}/${kind}/${regions[from]}/*`,
      ),
    ),
  )
  const derived: Record<string, readonly string[]> = {
    'names.databaseArn: the instance a replica follows': policy.topology.instances.map((i) =>
      names.databaseArn(i.region, i.generation),
    ),
    'topology.regions: the region a replica follows': [regions.primary],
    'names.breakGlassRoleArn: the one role of the account that a vault may admit': [names.breakGlassRoleArn()],
    'vaultExceptions: the same role beside the one that deploys, for whoever judges the vaults': (
      ['primary', 'recovery'] as const
    ).map((role) => `${names.breakGlassRoleArn()},${names.deploymentRoleArn(role)}`),
    'names.vaultArn: where copies of recovery points go': [
      names.vaultArn('primary', 'copies'),
      names.vaultArn('recovery', 'copies'),
    ],
    'names.bucketArn: where evidence is copied to': roles.map((role) => names.bucketArn('evidence', role)),
    'names.replicaBucket: the twin that receives copies': (['primary', 'recovery'] as const).flatMap((role) =>
      (['assets', 'archive-phi', 'archive-pii', 'archive-financial'] as const).flatMap((kind) => {
        const { bucketName, bucketArn, keyAliasArn } = names.replicaBucket(
          kind,
          role,
          kind === 'assets' ? 'assets' : 'archive',
        )
        return [bucketName, bucketArn, `${bucketArn}/*`, keyAliasArn]
      }),
    ),
    'names.bucket: the copy whose delay and failures are measured': roles.map((role) => names.bucket('evidence', role)),
    'the rule that copies a prefix of a region': (['primary', 'recovery'] as const).flatMap((role) =>
      ['records', 'checkpoints', 'posture'].map((kind) => `own-${kind}/${regions[role]}/`),
    ),
    'names.bucket and key: where each change of the configuration is written': (
      ['primary', 'recovery'] as const
    ).flatMap((role) => {
      const { bucketArn, keyAliasArn } = names.replicaBucket('configuration', role, 'configuration')
      return [bucketArn, `${bucketArn}/*`, keyAliasArn]
    }),
    'the buckets of both, in one variable': [
      (['primary', 'recovery'] as const).map((role) => names.bucket('configuration', role)).join(','),
    ],
    'topology.regions: where secrets have a replica': [regions.recovery],
    'names.keyAliasArn: the key of the replica of a secret': [names.keyAliasArn('recovery', 'database')],
    'names.bucketArn with the prefix of a region': evidencePaths,
    'names.keyAliasArn: the key of the copy': roles.map((role) => names.keyAliasArn(role, 'evidence')),
    'names.anyKeyArn: beside a condition on that alias': roles.map((role) => names.anyKeyArn(role)),
    'the service through which that key is used': roles.map((role) => `s3.${regions[role]}.amazonaws.com`),
    'names.coordinationTableArn: the two places that decide': [
      names.coordinationTableArn('recovery'),
      names.coordinationTableArn('witness'),
    ],
    'names.functionArn: functions called across regions': [
      names.functionArn('primary', 'fence'),
      names.functionArn('recovery', 'fence'),
      names.functionArn('primary', 'containment'),
      names.functionArn('recovery', 'containment'),
      names.functionArn('primary', 'content-reader'),
      names.functionArn('recovery', 'content-reader'),
      names.functionArn('primary', 'replica-observer'),
      names.functionArn('recovery', 'replica-observer'),
      names.functionArn('primary', 'configuration-restore'),
      names.functionArn('primary', 'health-check'),
      names.functionArn('primary', 'release-reader'),
      names.functionArn('recovery', 'probe'),
      names.functionArn('witness', 'probe'),
    ],
    'names.secretArn: secrets of which a failback compares the versions in force': (
      ['primary', 'recovery'] as const
    ).flatMap((role) => replicatedSecrets(policy, names).map((name) => names.secretArn(role, name))),
    'names.stateMachineArn: runbooks that the desk starts, and what people may see and stop of them': runbooksOf(
      names,
      'primary',
    ).flatMap((runbook) => {
      const arn = names.stateMachineArn('primary', runbook)
      return [arn, `${arn.replace(':stateMachine:', ':execution:')}:*`]
    }),
    'names.humanRole: whose sessions are taken back from either region': HUMAN_ROLE_NAMES.map(
      (name) => `arn:aws:iam::${accountId}:role/${names.humanRole(name)}`,
    ),
    'the service through which they are decrypted': [`states.${regions.primary}.amazonaws.com`],
    'the machines of both regions, in one variable': [
      [
        ...runbooksOf(names, 'primary').map((runbook) => ['primary', runbook] as const),
        ...runbooksOf(names, 'recovery').map((runbook) => ['recovery', runbook] as const),
      ]
        .map(([role, runbook]) => `${runbook}@${regions[role]}=${names.stateMachineArn(role, runbook)}`)
        .join(','),
    ],
    'names.bucketArn: of which the trail records every write': (['primary', 'recovery', 'witness'] as const).flatMap(
      (role) => (['evidence', 'configuration', 'code'] as const).map((kind) => `${names.bucketArn(kind, role)}/`),
    ),
    'names.stacksArn: what the validation of controls reads of the witness': [names.stacksArn('witness')],
    'what people may see, start and read in every region': [
      ...(['primary', 'recovery'] as const).flatMap((role) => [
        ...(['pitr', 'snapshots', 'copies'] as const).map((kind) => names.vaultArn(role, kind)),
        `arn:aws:backup:${regions[role]}:${accountId}:recovery-point:*`,
        `arn:aws:rds:${regions[role]}:${accountId}:db:${names.databasePrefix}*`,
        `arn:aws:rds:${regions[role]}:${accountId}:snapshot:awsbackup:*`,
        ...names.databaseArns(role),
        names.functionArn(role, 'archive-disposal'),
        names.functionArn(role, 'daily-verification'),
        names.functionArn(role, 'compliance-validation'),
        names.roleArnOf('backup-database', role),
        names.roleArnOf('restore-testing', role),
      ]),
      ...roles.flatMap((role) => [
        `arn:aws:cloudwatch:${regions[role]}:${accountId}:alarm:${names.alarmPrefix}*`,
        `${names.bucketArn('evidence', role)}/*`,
      ]),
    ],
    'topology.regions: where the last resort may be taken, since somebody looks there': [
      ...Object.values(regions),
      GLOBAL_SERVICES_REGION,
    ],
    'names.roleArnOf: roles of functions that make calls which nobody else may': (
      ['primary', 'recovery'] as const
    ).flatMap((role) => ['runbook-promote', 'password-policy'].map((name) => names.roleArnOf(name, role))),
    'names.eventBusArn: where alarms of the region of Route 53 go': [names.eventBusArn('recovery')],
    'names.bucket: the traffic switch': (['recovery', 'witness'] as const).flatMap((role) => [
      names.bucket('switch', role),
      names.switchHost(role),
      ...names.switchKeys().flatMap((key) => [`/${key}`, `${names.bucketArn('switch', role)}/${key}`]),
      names.bucketArn('switch', role),
    ]),
  }
  const known = new Set(Object.values(derived).flat())
  const unknown = (tree: SynthesizedStack[]) => rules.crossRegionValues(tree).filter((value) => !known.has(value))
  expect(unknown(stacks)).toEqual([])
  const foreign = `arn:aws:kms:${regions.recovery}:${accountId}:key/1234`
  expect(unknown(withProperty('AWS::S3::Bucket', 'Foreign', foreign))).toEqual([foreign])
})

test('a new generation is added beside the ones that stand', () => {
  const instances = [
    ...policy.topology.instances,
    { generation: 3, region: 'recovery', role: 'replica', source: 1 } as const,
  ]
  const ids = rules.statefulIds(synthesize({ ...policy, topology: { ...policy.topology, instances } }))
  expect(ids).toMatchObject(pinned)
  expect(Object.keys(ids)).toContain('neonpro-production-replica-recovery-g3/ReplicaA82FB90F')
})

test('synth looks nothing up, so it needs neither credentials nor network', () => {
  const lookups = (tree: SynthesizedStack[]) => tree.flatMap((stack) => stack.lookups)
  expect(lookups(stacks)).toEqual([])
  const planting = synthesize(policy, (stage) => {
    const env = { account: policy.topology.accountId, region: names.region('primary') }
    HostedZone.fromLookup(new Stack(stage, 'planted', { env }), 'Zone', { domainName: policy.dns.zoneName })
  })
  expect(lookups(planting)).not.toEqual([])
})

test('the list of functions is the list of folders under lambda/', () => {
  expect(
    Object.values(FUNCTIONS)
      .flat()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(functionNames())
})

test('the role of our functions in the database is the one that the adapters create', () => {
  expect(FENCE_ROLE).toBe(ADAPTERS_FENCE_ROLE)
})
