import {
  BackupClient,
  DescribeBackupVaultCommand,
  GetBackupPlanCommand,
  GetBackupVaultAccessPolicyCommand,
  ListTagsCommand,
} from '@aws-sdk/client-backup'
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTagsOfResourceCommand,
} from '@aws-sdk/client-dynamodb'
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListResourceTagsCommand,
} from '@aws-sdk/client-kms'
import {
  DescribeDBInstancesCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBParametersCommand,
  DescribeDBSubnetGroupsCommand,
  RDSClient,
} from '@aws-sdk/client-rds'
import { DescribeSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { clientSettings } from '../../adapters/aws/client-settings'
import { parsed, whereConfigured, type Reader } from './reader'

const key: Reader = async ({ region, physicalId: KeyId }) => {
  const client = new KMSClient(clientSettings(region))
  const { KeyMetadata: { Description, KeySpec, KeyUsage, MultiRegion } = {} } = await client.send(
    new DescribeKeyCommand({ KeyId }),
  )
  const { Policy } = await client.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }))
  const rotation =
    KeyUsage === 'ENCRYPT_DECRYPT' ? await client.send(new GetKeyRotationStatusCommand({ KeyId })) : undefined
  const { Tags } = await client.send(new ListResourceTagsCommand({ KeyId }))
  return {
    Description,
    KeySpec,
    KeyUsage,
    MultiRegion,
    KeyPolicy: parsed(Policy),
    EnableKeyRotation: rotation?.KeyRotationEnabled,
    Tags,
  }
}

const alias: Reader = async ({ region, physicalId }) => {
  const { Aliases = [] } = await new KMSClient(clientSettings(region)).send(new ListAliasesCommand({}))
  const found = Aliases.find(({ AliasName }) => AliasName === physicalId)
  return { AliasName: found?.AliasName, TargetKeyId: found?.TargetKeyId }
}

const backupVault: Reader = async ({ region, physicalId: BackupVaultName }) => {
  const client = new BackupClient(clientSettings(region))
  const vault = await client.send(new DescribeBackupVaultCommand({ BackupVaultName }))
  const access = await whereConfigured(client.send(new GetBackupVaultAccessPolicyCommand({ BackupVaultName })))
  const { Tags } = await client.send(new ListTagsCommand({ ResourceArn: vault.BackupVaultArn }))
  const { MinRetentionDays, MaxRetentionDays } = vault
  return {
    BackupVaultName: vault.BackupVaultName,
    EncryptionKeyArn: vault.EncryptionKeyArn,
    LockConfiguration: vault.Locked === true ? { MinRetentionDays, MaxRetentionDays } : undefined,
    AccessPolicy: parsed(access?.Policy),
    BackupVaultTags: Tags,
  }
}

const backupPlan: Reader = async ({ region, physicalId: BackupPlanId }) => {
  const client = new BackupClient(clientSettings(region))
  const { BackupPlan, BackupPlanArn } = await client.send(new GetBackupPlanCommand({ BackupPlanId }))
  const { Tags } = await client.send(new ListTagsCommand({ ResourceArn: BackupPlanArn }))
  return {
    BackupPlan: { BackupPlanName: BackupPlan?.BackupPlanName, BackupPlanRule: BackupPlan?.Rules },
    BackupPlanTags: Tags,
  }
}

/** RDS of MiniStack, which CloudFormation filled; adapters speak to moto's. */
const rds = (region: string) => new RDSClient({ ...clientSettings(region), endpoint: process.env['AWS_ENDPOINT_URL'] })

const dbInstance: Reader = async ({ region, physicalId: DBInstanceIdentifier }) => {
  const { DBInstances = [] } = await rds(region).send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }))
  const { DBSubnetGroup, DBParameterGroups, VpcSecurityGroups, TagList, ...found } = DBInstances[0] ?? {}
  return {
    ...found,
    DBSubnetGroupName: DBSubnetGroup?.DBSubnetGroupName,
    DBParameterGroupName: DBParameterGroups?.[0]?.DBParameterGroupName,
    EnableCloudwatchLogsExports: found.EnabledCloudwatchLogsExports,
    EnableIAMDatabaseAuthentication: found.IAMDatabaseAuthenticationEnabled,
    EnablePerformanceInsights: found.PerformanceInsightsEnabled,
    PerformanceInsightsKMSKeyId: found.PerformanceInsightsKMSKeyId,
    Port: found.Endpoint?.Port,
    SourceDBInstanceIdentifier: found.ReadReplicaSourceDBInstanceIdentifier,
    VPCSecurityGroups: VpcSecurityGroups,
    Tags: TagList,
  }
}

const dbParameterGroup: Reader = async ({ region, physicalId: DBParameterGroupName }) => {
  const client = rds(region)
  const { DBParameterGroups = [] } = await client.send(new DescribeDBParameterGroupsCommand({ DBParameterGroupName }))
  const { Parameters = [] } = await client.send(new DescribeDBParametersCommand({ DBParameterGroupName }))
  return {
    Description: DBParameterGroups[0]?.Description,
    Family: DBParameterGroups[0]?.DBParameterGroupFamily,
    Parameters: Object.fromEntries(
      Parameters.filter(({ ParameterValue }) => ParameterValue !== undefined).map((parameter) => [
        parameter.ParameterName,
        parameter.ParameterValue,
      ]),
    ),
  }
}

const dbSubnetGroup: Reader = async ({ region, physicalId: DBSubnetGroupName }) => {
  const { DBSubnetGroups = [] } = await rds(region).send(new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName }))
  return {
    DBSubnetGroupDescription: DBSubnetGroups[0]?.DBSubnetGroupDescription,
    SubnetIds: DBSubnetGroups[0]?.Subnets,
  }
}

const table: Reader = async ({ region, physicalId: TableName }) => {
  const client = new DynamoDBClient(clientSettings(region))
  const { Table } = await client.send(new DescribeTableCommand({ TableName }))
  const { ContinuousBackupsDescription: backups } = await client.send(
    new DescribeContinuousBackupsCommand({ TableName }),
  )
  const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn }))
  const kept = backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED'
  // A table of one region declares its protection in the entry of that region.
  const replica = {
    Region: region,
    DeletionProtectionEnabled: Table?.DeletionProtectionEnabled,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: kept },
    SSESpecification: Table?.SSEDescription?.KMSMasterKeyArn,
    Tags,
  }
  return {
    AttributeDefinitions: Table?.AttributeDefinitions,
    BillingMode: Table?.BillingModeSummary?.BillingMode,
    KeySchema: Table?.KeySchema,
    TableName: Table?.TableName,
    SSESpecification: Table?.SSEDescription?.SSEType,
    Replicas: [replica],
  }
}

const secret: Reader = async ({ region, physicalId: SecretId }) => {
  const client = new SecretsManagerClient(clientSettings(region))
  const { Description, KmsKeyId, Name, ReplicationStatus, Tags } = await client.send(
    new DescribeSecretCommand({ SecretId }),
  )
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }))
  return { Description, KmsKeyId, Name, ReplicaRegions: ReplicationStatus, Tags, GenerateSecretString: SecretString }
}

const secretAttachment: Reader = async ({ region, physicalId: SecretId }) => {
  const client = new SecretsManagerClient(clientSettings(region))
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }))
  const { host } = JSON.parse(SecretString ?? '{}') as { host?: string }
  return { SecretId: SecretString, TargetId: host }
}

/** What holds, protects or copies data. */
export const DATA_READERS: Readonly<Record<string, Reader>> = {
  'AWS::Backup::BackupPlan': backupPlan,
  'AWS::Backup::BackupVault': backupVault,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::KMS::Alias': alias,
  'AWS::KMS::Key': key,
  'AWS::RDS::DBInstance': dbInstance,
  'AWS::RDS::DBParameterGroup': dbParameterGroup,
  'AWS::RDS::DBSubnetGroup': dbSubnetGroup,
  'AWS::SecretsManager::Secret': secret,
  'AWS::SecretsManager::SecretTargetAttachment': secretAttachment,
}
