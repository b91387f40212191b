import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { CfnServer, CfnUser } from 'aws-cdk-lib/aws-transfer'
import { Construct } from 'constructs'
import { ServiceRole } from './service-role'

export interface SftpPartner {
  readonly name: string
  readonly sshPublicKeys: readonly string[]
  readonly roleName: string
}

export interface SftpServerProps {
  readonly serverName: string
  /** Chosen name of the bucket that the partners' folders lie in. */
  readonly bucketName: string
  readonly bucketKey: IKey
  readonly partners: readonly SftpPartner[]
  readonly logKey: IKey
  readonly logRetention: RetentionDays
}

/**
 * CloudFormation's own default is the policy of 2018, which still admits SHA-1.
 * https://docs.aws.amazon.com/transfer/latest/userguide/security-policies.html
 */
const SECURITY_POLICY = 'TransferSecurityPolicy-2024-01'

/**
 * SFTP with keys only. Each partner is shut into one folder twice: by the path it is shown, and by a role that knows no
 * other. A partner can add and read, and can delete nothing for good: the bucket keeps every version.
 */
export class SftpServer extends Construct {
  constructor(scope: Construct, id: string, props: SftpServerProps) {
    super(scope, id)
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/transfer/${props.serverName}`,
      encryptionKey: props.logKey,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const server = new CfnServer(this, 'Resource', {
      protocols: ['SFTP'],
      domain: 'S3',
      endpointType: 'PUBLIC',
      identityProviderType: 'SERVICE_MANAGED',
      securityPolicyName: SECURITY_POLICY,
      structuredLogDestinations: [logs.logGroupArn],
    })
    // Its host key is how partners recognise it: a new server would look like an impostor to every one of them.
    server.applyRemovalPolicy(RemovalPolicy.RETAIN)
    for (const partner of props.partners) this.admit(partner, server, props)
  }

  private admit({ name, sshPublicKeys, roleName }: SftpPartner, server: CfnServer, props: SftpServerProps): void {
    const bucketArn = `arn:aws:s3:::${props.bucketName}`
    const folder = folderOf(name)
    const { role } = new ServiceRole(this, `Role-${name}`, {
      roleName,
      service: 'transfer.amazonaws.com',
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      statements: [
        new PolicyStatement({
          actions: ['s3:ListBucket'],
          resources: [bucketArn],
          conditions: { StringLike: { 's3:prefix': [`${folder}/*`, folder] } },
        }),
        new PolicyStatement({
          actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
          resources: [`${bucketArn}/${folder}/*`],
        }),
        new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [props.bucketKey.keyArn] }),
      ],
    })
    new CfnUser(this, `Partner-${name}`, {
      serverId: server.attrServerId,
      userName: name,
      role: role.roleArn,
      sshPublicKeys: [...sshPublicKeys],
      homeDirectoryType: 'LOGICAL',
      homeDirectoryMappings: [{ entry: '/', target: `/${props.bucketName}/${folder}` }],
    })
  }
}

const folderOf = (partner: string): string => `partners/${partner}`
