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
import {
  ListResourceRecordSetsCommand,
  Route53Client,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53'
import { clientSettings } from '../../adapters/aws/client-settings'
import { parsed, present, type Reader } from './reader'

const ec2 = (region: string) => new EC2Client(clientSettings(region))

const vpc: Reader = async ({ region, physicalId: VpcId }) => {
  const client = ec2(region)
  const { Vpcs = [] } = await client.send(new DescribeVpcsCommand({ VpcIds: [VpcId] }))
  const found = present(Vpcs[0], `network '${VpcId}'`)
  const attribute = (Attribute: 'enableDnsHostnames' | 'enableDnsSupport') =>
    client.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }))
  return {
    CidrBlock: found.CidrBlock,
    InstanceTenancy: found.InstanceTenancy,
    EnableDnsHostnames: (await attribute('enableDnsHostnames')).EnableDnsHostnames?.Value,
    EnableDnsSupport: (await attribute('enableDnsSupport')).EnableDnsSupport?.Value,
    Tags: found.Tags,
  }
}

const subnet: Reader = async ({ region, physicalId }) => {
  const { Subnets = [] } = await ec2(region).send(new DescribeSubnetsCommand({ SubnetIds: [physicalId] }))
  const found = present(Subnets[0], `subnet '${physicalId}'`)
  return {
    AvailabilityZone: found.AvailabilityZone,
    CidrBlock: found.CidrBlock,
    MapPublicIpOnLaunch: found.MapPublicIpOnLaunch,
    Tags: found.Tags,
    VpcId: found.VpcId,
  }
}

const routeTable: Reader = async ({ region, physicalId }) => {
  const { RouteTables = [] } = await ec2(region).send(new DescribeRouteTablesCommand({ RouteTableIds: [physicalId] }))
  const found = present(RouteTables[0], `route table '${physicalId}'`)
  return { VpcId: found.VpcId, Tags: found.Tags }
}

const routeTableAssociation: Reader = async ({ region, physicalId, refersTo }) => {
  const [tableId = ''] = refersTo('RouteTableId')
  const { RouteTables = [] } = await ec2(region).send(new DescribeRouteTablesCommand({ RouteTableIds: [tableId] }))
  const found = present(
    RouteTables[0]?.Associations?.find(({ RouteTableAssociationId }) => RouteTableAssociationId === physicalId),
    `association '${physicalId}' of ${tableId}`,
  )
  return { RouteTableId: found.RouteTableId, SubnetId: found.SubnetId }
}

const securityGroup: Reader = async ({ region, physicalId }) => {
  const { SecurityGroups = [] } = await ec2(region).send(new DescribeSecurityGroupsCommand({ GroupIds: [physicalId] }))
  const found = present(SecurityGroups[0], `security group '${physicalId}'`)
  return {
    GroupDescription: found.Description,
    SecurityGroupEgress: found.IpPermissionsEgress?.flatMap(({ FromPort, ToPort, IpProtocol, IpRanges = [] }) =>
      IpRanges.map(({ CidrIp, Description }) => ({ CidrIp, Description, FromPort, ToPort, IpProtocol })),
    ),
    Tags: found.Tags,
    VpcId: found.VpcId,
  }
}

const vpcEndpoint: Reader = async ({ region, physicalId }) => {
  const { VpcEndpoints = [] } = await ec2(region).send(
    new DescribeVpcEndpointsCommand({ VpcEndpointIds: [physicalId] }),
  )
  const found = present(VpcEndpoints[0], `endpoint '${physicalId}'`)
  return {
    PolicyDocument: parsed(found.PolicyDocument),
    PrivateDnsEnabled: found.PrivateDnsEnabled,
    RouteTableIds: found.RouteTableIds,
    SecurityGroupIds: found.Groups?.map(({ GroupId }) => GroupId),
    ServiceName: found.ServiceName,
    SubnetIds: found.SubnetIds,
    Tags: found.Tags,
    VpcEndpointType: found.VpcEndpointType,
    VpcId: found.VpcId,
  }
}

const role: Reader = async ({ region, physicalId: RoleName }) => {
  const client = new IAMClient(clientSettings(region))
  const { Role } = await client.send(new GetRoleCommand({ RoleName }))
  const { AttachedPolicies } = await client.send(new ListAttachedRolePoliciesCommand({ RoleName }))
  return {
    AssumeRolePolicyDocument: parsed(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '{}')),
    Description: Role?.Description,
    ManagedPolicyArns: AttachedPolicies?.map(({ PolicyArn }) => PolicyArn),
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
    Roles: PolicyRoles?.map(({ RoleName }) => RoleName),
  }
}

const recordSet: Reader = async ({ region, properties, refersTo }) => {
  const [HostedZoneId] = refersTo('HostedZoneId')
  const { Name, SetIdentifier } = properties
  const found = present(
    (await recordsOf(new Route53Client(clientSettings(region)), HostedZoneId)).find(
      (record) => record.Name === Name && (SetIdentifier === undefined || record.SetIdentifier === SetIdentifier),
    ),
    `record ${JSON.stringify(Name)}`,
  )
  return {
    AliasTarget: found.AliasTarget,
    Failover: found.Failover,
    HealthCheckId: found.HealthCheckId,
    HostedZoneId,
    Name: found.Name,
    ResourceRecords: found.ResourceRecords?.map(({ Value }) => Value),
    SetIdentifier: found.SetIdentifier,
    TTL: found.TTL,
    Type: found.Type,
  }
}

async function recordsOf(client: Route53Client, HostedZoneId: string | undefined): Promise<ResourceRecordSet[]> {
  const found: ResourceRecordSet[] = []
  let from: Partial<ListResourceRecordSetsCommandInput> | undefined = {}
  while (from) {
    const page: ListResourceRecordSetsCommandOutput = await client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId, ...from }),
    )
    found.push(...(page.ResourceRecordSets ?? []))
    const { NextRecordName, NextRecordType, NextRecordIdentifier } = page
    from = page.IsTruncated
      ? {
          StartRecordName: NextRecordName,
          StartRecordType: NextRecordType,
          StartRecordIdentifier: NextRecordIdentifier,
        }
      : undefined
  }
  return found
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
