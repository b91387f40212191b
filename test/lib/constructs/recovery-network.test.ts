import { Validations } from 'aws-cdk-lib'
import { Match, type Template } from 'aws-cdk-lib/assertions'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { RecoveryNetwork, type NetworkSource } from '../../../lib/constructs/recovery-network'
import { importedKey, KEY_ARN } from '../imported'
import { synthOne } from '../synth'

const synth = (source: NetworkSource = { mode: 'create', cidr: '10.0.0.0/20' }) =>
  synthOne((scope) => {
    const network = new RecoveryNetwork(scope, 'Network', {
      source,
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      logKey: importedKey(scope),
      logRetention: RetentionDays.ONE_YEAR,
      flowLogRoleName: 'flow-logs-eu-west-1',
    })
    // As the register of acknowledgements does.
    Validations.of(network).acknowledge({ id: 'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId', reason: 'not read' })
  })
const imported = { mode: 'import', vpcId: 'vpc-1', isolatedSubnetIds: ['subnet-1', 'subnet-2'] } as const

/** Logical id of the group with a description. */
const group = (template: Template, description: string): string =>
  Object.keys(template.findResources('AWS::EC2::SecurityGroup', { Properties: { GroupDescription: description } }))[0]!

test('has a subnet in each zone and no way to the internet', () => {
  const template = synth()
  template.resourceCountIs('AWS::EC2::Subnet', 2)
  for (const zone of ['eu-west-1a', 'eu-west-1b'])
    template.hasResourceProperties('AWS::EC2::Subnet', { AvailabilityZone: zone, MapPublicIpOnLaunch: false })
  for (const type of ['InternetGateway', 'NatGateway', 'Route', 'EgressOnlyInternetGateway'])
    template.resourceCountIs(`AWS::EC2::${type}`, 0)
})

test('lets clients reach databases on the port of PostgreSQL, and nobody else', () => {
  const template = synth()
  const [clients, databases] = [
    group(template, 'Functions that speak to the database'),
    group(template, 'Database instances'),
  ]
  const ingress = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'))
  const intoDatabases = ingress.filter(({ Properties }) =>
    JSON.stringify(Properties).includes(`"GroupId":{"Fn::GetAtt":["${databases}"`),
  )
  expect(intoDatabases.map(({ Properties }) => Properties as unknown)).toEqual([
    expect.objectContaining({
      FromPort: 5432,
      ToPort: 5432,
      SourceSecurityGroupId: { 'Fn::GetAtt': [clients, 'GroupId'] },
    }),
  ])
})

test('lets nobody into copies but functions of ours, and functions that examine copies into nothing that serves', () => {
  const template = synth()
  const [clients, validators, copies] = [
    group(template, 'Functions that speak to the database'),
    group(template, 'Functions that examine restored copies'),
    group(template, 'Copies that are restored as a test'),
  ]
  const ingress = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(
    ({ Properties }) => Properties as { GroupId: unknown; SourceSecurityGroupId: unknown; FromPort: number },
  )
  const of = (id: string) => ({ 'Fn::GetAtt': [id, 'GroupId'] })
  const from = ingress.filter(({ GroupId }) => JSON.stringify(GroupId) === JSON.stringify(of(copies)))
  expect(from.map(({ SourceSecurityGroupId }) => SourceSecurityGroupId)).toEqual([of(clients), of(validators)])
  const intoPostgres = ingress.filter(({ FromPort }) => FromPort === 5432)
  expect(
    intoPostgres.filter(({ SourceSecurityGroupId: by }) => JSON.stringify(by) === JSON.stringify(of(validators))),
  ).toHaveLength(1)
})

test('lets databases begin no connection', () => {
  const template = synth()
  const databases = group(template, 'Database instances')
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    GroupDescription: 'Database instances',
    // What CDK writes to mean "nothing": an address that no packet has.
    SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
  })
  const egress = JSON.stringify(Object.values(template.findResources('AWS::EC2::SecurityGroupEgress')))
  expect(egress).not.toContain(`"GroupId":{"Fn::GetAtt":["${databases}"`)
})

test('reaches AWS through endpoints that admit clients only', () => {
  const template = synth()
  const endpoints = group(template, 'AWS endpoints')
  const interfaces = Object.values(
    template.findResources('AWS::EC2::VPCEndpoint', { Properties: { VpcEndpointType: 'Interface' } }),
  )
  expect(interfaces.map(({ Properties }) => (Properties as { ServiceName: string }).ServiceName).toSorted()).toEqual(
    ['backup', 'ecr.api', 'ecr.dkr', 'kms', 'lambda', 'logs', 'rds', 'secretsmanager', 'sts'].map(
      (name) => `com.amazonaws.eu-west-1.${name}`,
    ),
  )
  for (const { Properties } of interfaces)
    expect(Properties).toMatchObject({
      SecurityGroupIds: [{ 'Fn::GetAtt': [endpoints, 'GroupId'] }],
      PrivateDnsEnabled: true,
    })
  template.resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' }, 2)
})

test('records all traffic in an encrypted log that expires', () => {
  synth().hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL', ResourceType: 'VPC' })
  synth().hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: KEY_ARN, RetentionInDays: 365 })
})

test.each([
  ['a created', synth()],
  ['an imported', synth(imported)],
])('lets functions in %s network call AWS, which they do for all they are for', (_which, template) => {
  for (const description of ['Functions that speak to the database', 'Functions that examine restored copies'])
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: description,
      SecurityGroupEgress: Match.arrayWith([
        Match.objectLike({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }),
      ]),
    })
})

test('an imported network gets groups and nothing else', () => {
  const template = synth(imported)
  template.resourceCountIs('AWS::EC2::SecurityGroup', 5)
  for (const type of ['VPC', 'Subnet', 'VPCEndpoint', 'FlowLog']) template.resourceCountIs(`AWS::EC2::${type}`, 0)
})

test('fails when an imported network has not one subnet per zone', () => {
  expect(() => synth({ ...imported, isolatedSubnetIds: ['subnet-1'] })).toThrow(
    /needs one isolated subnet per zone \(2\), got 1/,
  )
})
