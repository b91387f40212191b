import type { Json } from '../../core/json'
import type { StackTemplate } from '../../core/posture/assembly'
import { registerGaps, templateFlows } from '../../core/posture/transfers'
import { synthesize } from '../lib/synth'
import { PRESETS } from '../policy/presets'

type Properties = NonNullable<StackTemplate['resources'][string]['Properties']>

const templatesOf = (policy: (typeof PRESETS)[keyof typeof PRESETS]): StackTemplate[] =>
  synthesize(policy).map(({ name, region, template }) => ({
    stack: name,
    region,
    // As text and back, as an assembly is read from its folder.
    resources: JSON.parse(JSON.stringify(template.Resources)) as StackTemplate['resources'],
  }))

it.each(Object.keys(PRESETS) as (keyof typeof PRESETS)[])(
  'with the preset %s the register of transfers lists exactly what the templates send',
  (preset) => {
    const policy = PRESETS[preset]
    const flows = templateFlows(templatesOf(policy), policy.topology.regions.primary)
    expect(registerGaps(flows, policy.transfers)).toEqual([])
    expect(flows.length > 0).toBe(preset !== 'brazil-only')
  },
)

describe('the register of transfers', () => {
  const policy = PRESETS['us-east-2']
  const stacks = templatesOf(policy)
  const home = policy.topology.regions.primary
  const flows = templateFlows(stacks, home)
  const [first, ...others] = stacks.filter(({ region }) => region === home)
  /** The templates with one resource more, in the region where data is born. */
  const planted = (Type: string, Properties: StackTemplate['resources'][string]['Properties']) => [
    ...stacks.filter(({ region }) => region !== home),
    ...others,
    { ...first!, resources: { ...first!.resources, Planted: { Type, Properties: Properties! } } },
  ]

  it.each(policy.transfers)('misses $flow from $from to $to where it is not listed', (transfer) => {
    const { flow, from, to } = transfer
    const gaps = registerGaps(
      flows,
      policy.transfers.filter((other) => other !== transfer),
    )
    expect(gaps.length).toBeGreaterThan(0)
    for (const gap of gaps) expect(gap).toContain(`sends ${flow} from ${from} to ${to}, which no transfer lists`)
  })

  it.each(policy.transfers)('says that nothing makes $flow from $from to $to', ({ flow, from, to }) => {
    const without = flows.filter((made) => made.flow !== flow || made.from !== from || made.to !== to)
    expect(registerGaps(without, policy.transfers)).toEqual([
      `the transfer of ${flow} from ${from} to ${to} is made by no resource`,
    ])
  })

  const allowing = (Action: string, Resource: Json): Properties => ({
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] },
  })
  it.each<[string, string, Properties]>([
    [
      'a replica of a foreign database',
      'AWS::RDS::DBInstance',
      { SourceDBInstanceIdentifier: 'arn:aws:rds:us-west-2:1:db:a' },
    ],
    ['history elsewhere', 'AWS::RDS::DBInstance', { AutomaticBackupReplicationRegion: 'us-west-2' }],
    [
      'a copy in a vault elsewhere',
      'AWS::Backup::BackupPlan',
      {
        BackupPlan: {
          BackupPlanRule: [
            { CopyActions: [{ DestinationBackupVaultArn: 'arn:aws:backup:us-west-2:1:backup-vault:a' }] },
          ],
        },
      },
    ],
    [
      'copies in a bucket that nobody knows',
      'AWS::S3::Bucket',
      {
        BucketName: 'neonpro-production-assets-111122223333-sa-east-1',
        ReplicationConfiguration: { Rules: [{ Destination: { Bucket: 'arn:aws:s3:::elsewhere' } }] },
      },
    ],
    ['a secret elsewhere', 'AWS::SecretsManager::Secret', { ReplicaRegions: [{ Region: 'us-west-2' }] }],
    ['a table elsewhere', 'AWS::DynamoDB::GlobalTable', { TableName: 'patients', Replicas: [{ Region: 'us-west-2' }] }],
    ['a queue elsewhere', 'AWS::IAM::ManagedPolicy', allowing('sqs:SendMessage', 'arn:aws:sqs:us-west-2:1:a')],
    [
      'a table read elsewhere',
      'AWS::IAM::ManagedPolicy',
      allowing('dynamodb:Query', 'arn:aws:dynamodb:us-west-2:1:table/a'),
    ],
    ...(
      [
        ['s3:PutObject', 'arn:aws:s3:::elsewhere/*'],
        ['s3:PutObject', 'arn:aws:s3:::neonpro-production-*'],
        ['s3:PutObject', 'arn:aws:s3:::neonpro-production-*-us-east-2'],
        ['ssm:PutParameter', 'arn:aws:ssm:us-west-2:1:parameter/a'],
        ['sqs:SendMessage', 'arn:aws:sqs:*:1:a'],
        ['dynamodb:TransactWriteItems', 'arn:aws:dynamodb:us-west-2:1:table/a'],
        ['states:StartExecution', 'arn:aws:states:us-west-2:1:stateMachine:a'],
        ['rds:CopyDBSnapshot', 'arn:aws:rds:us-west-2:1:snapshot:a'],
        ['whatever:Comes', 'arn:aws:whatever:us-west-2:1:next'],
      ] as const
    ).map(
      ([action, arn]) =>
        [`${action} on ${arn}`, 'AWS::IAM::ManagedPolicy', allowing(action, arn)] as [string, string, Properties],
    ),
    [
      'a right inside a role',
      'AWS::IAM::Role',
      {
        AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }] },
        Policies: [{ PolicyName: 'send', ...allowing('sqs:SendMessage', 'arn:aws:sqs:us-west-2:1:a') }],
      },
    ],
    [
      'a function elsewhere, by a joined name',
      'AWS::IAM::ManagedPolicy',
      {
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Action: 'lambda:InvokeFunction',
              Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':lambda:us-west-2:1:function:fence']] },
            },
          ],
        },
      },
    ],
  ])('names %s', (_, type, properties) => {
    const gaps = registerGaps(templateFlows(planted(type, properties), home), policy.transfers)
    expect(gaps).toEqual([expect.stringContaining(`${first!.stack}/Planted sends `)])
  })

  it.each([
    ['looks', allowing('rds:DescribeDBInstances', 'arn:aws:rds:us-west-2:1:db:a')],
    ['handles a key', allowing('kms:Decrypt', 'arn:aws:kms:us-west-2:1:key/a')],
    ['writes beside itself', allowing('s3:PutObject', { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Own', 'Arn'] }, '/*']] })],
  ])('names nothing that only %s', (_, properties) => {
    expect(registerGaps(templateFlows(planted('AWS::IAM::ManagedPolicy', properties), home), policy.transfers)).toEqual(
      [],
    )
  })
})
