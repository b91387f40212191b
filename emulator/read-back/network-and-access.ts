import {
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2'
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
} from '@aws-sdk/client-iam'
import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53'
import { clientSettings } from '../../adapters/aws/client-settings'
import { parsed, type Reader } from './reader'

const ec2 = (region: string) => new EC2Client(clientSettings(region))

const vpc: Reader = async ({ region, physicalId: VpcId }) => {
  const client = ec2(region)
  const { Vpcs = [] } = await client.send(new DescribeVpcsCommand({ VpcIds: [VpcId] }))
  const attribute = (Attribute: 'enableDnsHostnames' | 'enableDnsSupport') =>
    client.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }))
  return {
    CidrBlock: Vpcs[0]?.CidrBlock,
    InstanceTenancy: Vpcs[0]?.InstanceTenancy,
    EnableDnsHostnames: (await attribute('enableDnsHostnames')).EnableDnsHostnames?.Value,
    EnableDnsSupport: (await attribute('enableDnsSupport')).EnableDnsSupport?.Value,
    Tags: Vpcs[0]?.Tags,
  }
}

const subnet: Reader = async ({ region, physicalId }) => {
  const { Subnets = [] } = await ec2(region).send(new DescribeSubnetsCommand({ SubnetIds: [physicalId] }))
  return { ...Subnets[0] }
}

const routeTable: Reader = async ({ region, physicalId }) => {
  const { RouteTables = [] } = await ec2(region).send(new DescribeRouteTablesCommand({ RouteTableIds: [physicalId] }))
  return { VpcId: RouteTables[0]?.VpcId, Tags: RouteTables[0]?.Tags }
}

const routeTableAssociation: Reader = async ({ region, physicalId, refersTo }) => {
  const [tableId = ''] = refersTo('RouteTableId')
  const { RouteTables = [] } = await ec2(region).send(new DescribeRouteTablesCommand({ RouteTableIds: [tableId] }))
  const found = RouteTables[0]?.Associations?.find(
    ({ RouteTableAssociationId }) => RouteTableAssociationId === physicalId,
  )
  return { RouteTableId: found?.RouteTableId, SubnetId: found?.SubnetId }
}

const securityGroup: Reader = async ({ region, physicalId }) => {
  const { SecurityGroups = [] } = await ec2(region).send(new DescribeSecurityGroupsCommand({ GroupIds: [physicalId] }))
  const { Description, IpPermissionsEgress, Tags, VpcId } = SecurityGroups[0] ?? {}
  return { GroupDescription: Description, SecurityGroupEgress: IpPermissionsEgress, Tags, VpcId }
}

const vpcEndpoint: Reader = async ({ region, physicalId }) => {
  const { VpcEndpoints = [] } = await ec2(region).send(
    new DescribeVpcEndpointsCommand({ VpcEndpointIds: [physicalId] }),
  )
  const { Groups, ...found } = VpcEndpoints[0] ?? {}
  return { ...found, SecurityGroupIds: Groups }
}

const role: Reader = async ({ region, physicalId: RoleName }) => {
  const client = new IAMClient(clientSettings(region))
  const { Role } = await client.send(new GetRoleCommand({ RoleName }))
  const { AttachedPolicies } = await client.send(new ListAttachedRolePoliciesCommand({ RoleName }))
  return {
    AssumeRolePolicyDocument: parsed(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '{}')),
    ManagedPolicyArns: AttachedPolicies,
    MaxSessionDuration: Role?.MaxSessionDuration,
    RoleName: Role?.RoleName,
    Tags: Role?.Tags,
  }
}

const managedPolicy: Reader = async ({ region, physicalId: PolicyArn }) => {
  const client = new IAMClient(clientSettings(region))
  const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }))
  const { PolicyVersion } = await client.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
  )
  const { PolicyRoles } = await client.send(new ListEntitiesForPolicyCommand({ PolicyArn }))
  return {
    Description: Policy?.Description,
    ManagedPolicyName: Policy?.PolicyName,
    Path: Policy?.Path,
    PolicyDocument: parsed(decodeURIComponent(PolicyVersion?.Document ?? '{}')),
    Roles: PolicyRoles,
  }
}

const recordSet: Reader = async ({ region, properties, refersTo }) => {
  const [HostedZoneId] = refersTo('HostedZoneId')
  const { ResourceRecordSets = [] } = await new Route53Client(clientSettings(region)).send(
    new ListResourceRecordSetsCommand({ HostedZoneId }),
  )
  const { Name, SetIdentifier } = properties
  const found = ResourceRecordSets.find(
    (record) => record.Name === Name && (SetIdentifier === undefined || record.SetIdentifier === SetIdentifier),
  )
  if (!found) throw new Error(`Route 53 has no record ${JSON.stringify(Name)}`)
  return { ...found, HostedZoneId }
}

/** Who reaches what, by network, permission and name. */
export const NETWORK_AND_ACCESS_READERS: Readonly<Record<string, Reader>> = {
  'AWS::EC2::RouteTable': routeTable,
  'AWS::EC2::SecurityGroup': securityGroup,
  'AWS::EC2::Subnet': subnet,
  'AWS::EC2::SubnetRouteTableAssociation': routeTableAssociation,
  'AWS::EC2::VPC': vpc,
  'AWS::EC2::VPCEndpoint': vpcEndpoint,
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::Role': role,
  'AWS::Route53::RecordSet': recordSet,
}
