import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2'
import { InstanceType } from 'aws-cdk-lib/aws-ec2'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import {
  DatabaseInstanceEngine,
  ParameterGroup,
  PostgresEngineVersion,
  StorageType,
  SubnetGroup,
  type DatabaseInstanceReadReplicaProps,
  type IInstanceEngine,
} from 'aws-cdk-lib/aws-rds'
import { Construct } from 'constructs'
import { postgresSettings } from './postgres-settings'
import { ServiceRole } from './service-role'

/** Everything an instance is given here; what differs between a primary and a replica is added by their constructs. */
type SharedInstanceProps = Omit<DatabaseInstanceReadReplicaProps, 'sourceDatabaseInstance' | 'engine'>

/** What a primary and a replica have in common, so that a promoted replica is the primary it replaces. */
export interface PostgresInstanceProps {
  readonly instanceIdentifier: string
  /** Database on the instance that the applications use. */
  readonly databaseName: string
  readonly engineVersion: string
  readonly engineMajor: number
  readonly instanceClass: string
  readonly storageGigabytes: number
  readonly tlsMinimum: 'TLSv1.2' | 'TLSv1.3'
  /** Such as `Sun:07:00-Sun:08:00`, UTC. */
  readonly maintenanceWindow: string
  readonly key: IKey
  readonly logKey: IKey
  readonly logRetention: RetentionDays
  readonly vpc: IVpc
  readonly subnets: readonly ISubnet[]
  readonly securityGroup: ISecurityGroup
  readonly monitoringRoleName: string
  /** What an instance has on top of the settings of all. @default nothing */
  readonly settings?: Readonly<Record<string, string>>
}

/** Surroundings and settings shared by every database instance: subnet group, parameter group, monitoring role, log groups. */
export class PostgresSurroundings extends Construct {
  /** Engine of the instance; a replica takes its source's. */
  readonly engine: IInstanceEngine
  /** Settings to spread into an instance. */
  readonly instanceProps: SharedInstanceProps

  constructor(scope: Construct, id: string, props: PostgresInstanceProps) {
    super(scope, id)
    const engine = DatabaseInstanceEngine.postgres({
      version: PostgresEngineVersion.of(props.engineVersion, String(props.engineMajor)),
    })
    const subnetGroup = new SubnetGroup(this, 'Subnets', {
      vpc: props.vpc,
      vpcSubnets: { subnets: [...props.subnets] },
      description: `Isolated subnets of ${props.instanceIdentifier}`,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const parameterGroup = new ParameterGroup(this, 'Parameters', {
      engine,
      description: `Settings of ${props.instanceIdentifier}`,
      parameters: { ...postgresSettings(props.tlsMinimum, props.databaseName), ...props.settings },
    })
    const { account, region } = Stack.of(this)
    const osMetrics = `arn:aws:logs:${region}:${account}:log-group:RDSOSMetrics`
    const { role: monitoringRole } = new ServiceRole(this, 'MonitoringRole', {
      roleName: props.monitoringRoleName,
      service: 'monitoring.rds.amazonaws.com',
      // Enhanced monitoring writes to this one group of each region and account, whose name RDS has fixed.
      statements: [
        new PolicyStatement({
          actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'],
          resources: [osMetrics],
        }),
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams', 'logs:GetLogEvents'],
          resources: [`${osMetrics}:log-stream:*`],
        }),
      ],
    })
    // Made by us, with key and retention, before RDS would make them without either.
    for (const log of LOGS)
      new LogGroup(this, `Log-${log}`, {
        logGroupName: `/aws/rds/instance/${props.instanceIdentifier}/${log}`,
        encryptionKey: props.logKey,
        retention: props.logRetention,
        removalPolicy: RemovalPolicy.RETAIN,
      })
    this.instanceProps = {
      instanceIdentifier: props.instanceIdentifier,
      instanceType: new InstanceType(props.instanceClass),
      vpc: props.vpc,
      subnetGroup,
      parameterGroup,
      securityGroups: [props.securityGroup],
      storageType: StorageType.GP3,
      port: POSTGRES_PORT,
      iamAuthentication: true,
      publiclyAccessible: false,
      autoMinorVersionUpgrade: true,
      preferredMaintenanceWindow: props.maintenanceWindow,
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: false,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      // As fine as the alarms look; RDS offers down to 1 s (API reference, MonitoringInterval).
      monitoringInterval: Duration.seconds(60),
      monitoringRole,
      enablePerformanceInsights: true,
      performanceInsightEncryptionKey: props.key,
      cloudwatchLogsExports: [...LOGS],
    }
    this.engine = engine
  }
}

export const POSTGRES_PORT = 5432

const LOGS = ['postgresql', 'upgrade'] as const
