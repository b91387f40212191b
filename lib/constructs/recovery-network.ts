import { RemovalPolicy } from 'aws-cdk-lib'
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  Subnet,
  SubnetType,
  Vpc,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { ServiceRole } from './service-role'

/** A network of our own, or one that exists. */
export type NetworkSource =
  | { readonly mode: 'create'; readonly cidr: string }
  | { readonly mode: 'import'; readonly vpcId: string; readonly isolatedSubnetIds: readonly string[] }

export interface RecoveryNetworkProps {
  readonly source: NetworkSource
  readonly availabilityZones: readonly string[]
  readonly logKey: IKey
  readonly logRetention: RetentionDays
  readonly flowLogRoleName: string
}

/** Where a database and what speaks to it stand: isolated subnets, no route to the internet, AWS through endpoints only. */
export class RecoveryNetwork extends Construct {
  readonly vpc: IVpc
  readonly subnets: ISubnet[]
  /** For functions that speak to the database. */
  readonly clients: ISecurityGroup
  /** For database instances; admits `clients` on the PostgreSQL port. */
  readonly databases: ISecurityGroup
  /** For functions that examine restored copies: they reach no database that serves. */
  readonly validators: ISecurityGroup
  /** For copies that are restored as a test; admits `validators` and `clients` on the PostgreSQL port. */
  readonly copies: ISecurityGroup
  /** For databases that are cut off from everybody; admits `clients` alone, and nobody adds to it. */
  readonly closed: ISecurityGroup

  constructor(scope: Construct, id: string, props: RecoveryNetworkProps) {
    super(scope, id)
    const { source } = props
    if (source.mode === 'create') {
      const vpc = this.createVpc(source.cidr, props)
      this.vpc = vpc
      this.subnets = vpc.isolatedSubnets
    } else {
      if (source.isolatedSubnetIds.length !== props.availabilityZones.length)
        throw new Error(
          `an imported network at '${this.node.path}' needs one isolated subnet per zone (${props.availabilityZones.length}), got ${source.isolatedSubnetIds.length}`,
        )
      this.vpc = Vpc.fromVpcAttributes(this, 'Imported', {
        vpcId: source.vpcId,
        availabilityZones: [...props.availabilityZones],
        isolatedSubnetIds: [...source.isolatedSubnetIds],
      })
      this.subnets = source.isolatedSubnetIds.map((subnet, i) => Subnet.fromSubnetId(this, `Subnet${i + 1}`, subnet))
    }
    const group = (name: string, description: string) =>
      new SecurityGroup(this, name, { vpc: this.vpc, description, allowAllOutbound: false })
    const clients = group('Clients', 'Functions that speak to the database')
    const databases = group('Databases', 'Database instances')
    const validators = group('Validators', 'Functions that examine restored copies')
    const copies = group('Copies', 'Copies that are restored as a test')
    const closed = group('Closed', 'Databases that are cut off')
    for (const [functions, instances] of [
      [clients, databases],
      // The runbook of a restore test examines its copy as it would a database.
      [clients, copies],
      // Whoever else was let into the group of the databases is not let into this one.
      [clients, closed],
      [validators, copies],
    ] as const) {
      instances.addIngressRule(functions, Port.POSTGRES, 'PostgreSQL over TLS from our functions')
      functions.addEgressRule(instances, Port.POSTGRES, 'PostgreSQL over TLS')
    }
    for (const functions of [clients, validators]) {
      // In a network of ours the route table knows nothing outside of it but gateway endpoints, which have no security group:
      // callers need leave to send HTTPS to their public address ranges. In an imported one the endpoints are of others.
      functions.addEgressRule(ANYWHERE, Port.HTTPS, 'AWS APIs, S3 and DynamoDB through endpoints')
    }
    if (source.mode === 'create') this.addEndpoints([clients, validators])
    this.clients = clients
    this.databases = databases
    this.validators = validators
    this.copies = copies
    this.closed = closed
  }

  private createVpc(cidr: string, props: RecoveryNetworkProps): Vpc {
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(cidr),
      availabilityZones: [...props.availabilityZones],
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
    })
    const logs = new LogGroup(this, 'FlowLogs', {
      encryptionKey: props.logKey,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const { role } = new ServiceRole(this, 'FlowLogsRole', {
      roleName: props.flowLogRoleName,
      service: 'vpc-flow-logs.amazonaws.com',
      statements: [
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
          resources: [logs.logGroupArn],
        }),
      ],
    })
    vpc.addFlowLog('All', {
      destination: FlowLogDestination.toCloudWatchLogs(logs, role),
      trafficType: FlowLogTrafficType.ALL,
    })
    return vpc
  }

  private addEndpoints(functions: readonly SecurityGroup[]): void {
    const endpoints = new SecurityGroup(this, 'Endpoints', {
      vpc: this.vpc,
      description: 'AWS endpoints',
      allowAllOutbound: false,
    })
    for (const callers of functions) {
      endpoints.addIngressRule(callers, Port.HTTPS, 'AWS APIs from our functions')
      callers.addEgressRule(endpoints, Port.HTTPS, 'AWS APIs')
    }
    for (const [name, service] of Object.entries(INTERFACES)) {
      this.vpc.addInterfaceEndpoint(name, {
        service,
        subnets: { subnets: this.subnets },
        securityGroups: [endpoints],
        open: false,
        privateDnsEnabled: true,
      })
    }
    for (const [name, service] of Object.entries(GATEWAYS))
      this.vpc.addGatewayEndpoint(name, { service, subnets: [{ subnets: this.subnets }] })
  }
}

const ANYWHERE = Peer.anyIpv4()
const INTERFACES = {
  Backup: InterfaceVpcEndpointAwsService.BACKUP,
  // Images of tasks; their layers come through S3. https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDkr: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Kms: InterfaceVpcEndpointAwsService.KMS,
  Lambda: InterfaceVpcEndpointAwsService.LAMBDA,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  Rds: InterfaceVpcEndpointAwsService.RDS,
  SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  Sts: InterfaceVpcEndpointAwsService.STS,
}
const GATEWAYS = { S3: GatewayVpcEndpointAwsService.S3, DynamoDb: GatewayVpcEndpointAwsService.DYNAMODB }
