import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { Credentials, DatabaseInstance, NetworkType, type CfnDBInstance } from 'aws-cdk-lib/aws-rds'
import { HostedRotation, Secret, type CfnSecret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { PostgresSurroundings, type PostgresInstanceProps } from './postgres-surroundings'

export interface PrimaryDatabaseProps extends PostgresInstanceProps {
  /** Name of the owner's secret, by which our functions find it. */
  readonly ownerSecretName: string
  readonly multiAz: boolean
  /** Days of point-in-time recovery; the same as the plan's, since AWS Backup writes its own value into the instance. */
  readonly backupRetentionDays: number
  /** Admitted by the database; the rotation of the secret speaks to it. */
  readonly clients: ISecurityGroup
  readonly rotationFunctionName: string
  /** Where the owner's secret has a replica, for the day the copy there is promoted. @default no replica */
  readonly secretReplica?: { readonly region: string; readonly kmsKeyId: string }
  /** Longest life of the owner's password. */
  readonly secretRotationDays: number
  /** Where RDS replicates backups and logs, so that history survives the region. @default nowhere */
  readonly replicatedBackups?: ReplicatedBackups
}

export interface ReplicatedBackups {
  readonly region: string
  /** Key of that region. RDS demands its ARN for an encrypted instance and takes no alias. */
  readonly kmsKeyArn: string
  readonly retentionDays: number
}

/**
 * The writer: PostgreSQL with a synchronous standby in a second zone, TLS only, IAM authentication, its own secret.
 * Not RDS's managed master secret: that excludes read replicas (RDS user guide, "Limitations for Secrets Manager").
 * @stateful
 */
export class PrimaryDatabase extends Construct {
  readonly instance: DatabaseInstance

  constructor(scope: Construct, id: string, props: PrimaryDatabaseProps) {
    super(scope, id)
    if (props.backupRetentionDays > 35)
      throw new Error(
        `RDS keeps automated backups for at most 35 days, got ${props.backupRetentionDays} at '${this.node.path}'`,
      )
    const surroundings = new PostgresSurroundings(this, 'Surroundings', props)
    const secret = new Secret(this, 'Secret', {
      secretName: props.ownerSecretName,
      description: `Owner of ${props.instanceIdentifier}`,
      // By its ARN: given the key itself, the secret would add statements with wildcard actions to its policy.
      encryptionKey: Key.fromKeyArn(this, 'SecretKey', props.key.keyArn),
      removalPolicy: RemovalPolicy.RETAIN,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: 'owner' }),
        generateStringKey: 'password',
        // Typed by nobody; RDS for PostgreSQL admits 8 to 128 (API reference, MasterUserPassword).
        passwordLength: 40,
        excludeCharacters: ` %+~\`#$&*()|[]{}:;<>?!'/@"\\`,
      },
    })
    // By the property: the L2 wants a key construct of the other region, of which only the alias is known.
    if (props.secretReplica) (secret.node.defaultChild as CfnSecret).replicaRegions = [props.secretReplica]
    const instance = new DatabaseInstance(this, 'Resource', {
      ...surroundings.instanceProps,
      engine: surroundings.engine,
      credentials: Credentials.fromSecret(secret),
      databaseName: props.databaseName,
      multiAz: props.multiAz,
      networkType: NetworkType.IPV4,
      allocatedStorage: props.storageGigabytes,
      storageEncrypted: true,
      storageEncryptionKey: props.key,
      backupRetention: Duration.days(props.backupRetentionDays),
      // No window of RDS's own backups: AWS Backup takes it over with its first continuous backup, and a template that states
      // another one drifts. https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2167
    })
    // The secret attached to the instance, so that rotation knows where to connect.
    instance.secret?.addRotationSchedule('Rotation', {
      automaticallyAfter: Duration.days(props.secretRotationDays),
      hostedRotation: HostedRotation.postgreSqlSingleUser({
        functionName: props.rotationFunctionName,
        vpc: props.vpc,
        vpcSubnets: { subnets: [...props.subnets] },
        securityGroups: [props.clients],
      }),
    })
    if (props.replicatedBackups) replicateBackups(instance, props.replicatedBackups)
    this.instance = instance
  }
}

// The L2 construct does not know these properties (aws-cdk issue 21206).
function replicateBackups(instance: DatabaseInstance, { region, kmsKeyArn, retentionDays }: ReplicatedBackups): void {
  const resource = instance.node.defaultChild as CfnDBInstance
  resource.automaticBackupReplicationRegion = region
  resource.automaticBackupReplicationKmsKeyId = kmsKeyArn
  resource.automaticBackupReplicationRetentionPeriod = retentionDays
}
