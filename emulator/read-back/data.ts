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
  ListResourceTagsCommand,
  paginateListAliases,
} from '@aws-sdk/client-kms'
import {
  DescribeDBInstancesCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBSubnetGroupsCommand,
  ListTagsForResourceCommand,
  paginateDescribeDBParameters,
  RDSClient,
} from '@aws-sdk/client-rds'
import { DescribeSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { clientSettings } from '../../adapters/aws/client-settings'
import { parsed, present, whereConfigured, type Reader } from './reader'

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
  const client = new KMSClient(clientSettings(region))
  for await (const { Aliases = [] } of paginateListAliases({ client }, {})) {
    const found = Aliases.find(({ AliasName }) => AliasName === physicalId)
    if (found) return { AliasName: found.AliasName, TargetKeyId: found.TargetKeyId }
  }
  throw new Error(`KMS has no alias '${physicalId}'`)
}

const backupVault: Reader = async ({ region, physicalId: BackupVaultName }) => {
  const client = new BackupClient(clientSettings(region))
  const vault = await client.send(new DescribeBackupVaultCommand({ BackupVaultName }))
  const access = await whereConfigured(
    client.send(new GetBackupVaultAccessPolicyCommand({ BackupVaultName })),
    // The vault was told of already: it is the policy that is missing.
    'ResourceNotFoundException',
  )
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

const rdsTags = async (client: RDSClient, ResourceName: string | undefined) =>
  (await client.send(new ListTagsForResourceCommand({ ResourceName }))).TagList

const dbInstance: Reader = async ({ region, physicalId: DBInstanceIdentifier }) => {
  const { DBInstances = [] } = await rds(region).send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }))
  const found = present(DBInstances[0], `instance '${DBInstanceIdentifier}'`)
  // Name by name: what comes over the wire leaves out what the service forgot.
  return {
    AllocatedStorage: found.AllocatedStorage,
    AutoMinorVersionUpgrade: found.AutoMinorVersionUpgrade,
    BackupRetentionPeriod: found.BackupRetentionPeriod,
    CACertificateIdentifier: found.CACertificateIdentifier,
    CopyTagsToSnapshot: found.CopyTagsToSnapshot,
    DBInstanceClass: found.DBInstanceClass,
    DBInstanceIdentifier: found.DBInstanceIdentifier,
    DBName: found.DBName,
    DBParameterGroupName: found.DBParameterGroups?.[0]?.DBParameterGroupName,
    DBSubnetGroupName: found.DBSubnetGroup?.DBSubnetGroupName,
    DeletionProtection: found.DeletionProtection,
    EnableCloudwatchLogsExports: found.EnabledCloudwatchLogsExports,
    EnableIAMDatabaseAuthentication: found.IAMDatabaseAuthenticationEnabled,
    EnablePerformanceInsights: found.PerformanceInsightsEnabled,
    Engine: found.Engine,
    EngineVersion: found.EngineVersion,
    KmsKeyId: found.KmsKeyId,
    MasterUsername: found.MasterUsername,
    MaxAllocatedStorage: found.MaxAllocatedStorage,
    MonitoringInterval: found.MonitoringInterval,
    MonitoringRoleArn: found.MonitoringRoleArn,
    MultiAZ: found.MultiAZ,
    NetworkType: found.NetworkType,
    PerformanceInsightsKMSKeyId: found.PerformanceInsightsKMSKeyId,
    PerformanceInsightsRetentionPeriod: found.PerformanceInsightsRetentionPeriod,
    Port: found.Endpoint?.Port,
    PreferredBackupWindow: found.PreferredBackupWindow,
    PreferredMaintenanceWindow: found.PreferredMaintenanceWindow,
    PubliclyAccessible: found.PubliclyAccessible,
    SourceDBInstanceIdentifier: found.ReadReplicaSourceDBInstanceIdentifier,
    StorageEncrypted: found.StorageEncrypted,
    StorageType: found.StorageType,
    Tags: found.TagList,
    VPCSecurityGroups: found.VpcSecurityGroups?.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId),
  }
}

const dbParameterGroup: Reader = async ({ region, physicalId: DBParameterGroupName }) => {
  const client = rds(region)
  const { DBParameterGroups = [] } = await client.send(new DescribeDBParameterGroupsCommand({ DBParameterGroupName }))
  const found = present(DBParameterGroups[0], `parameter group '${DBParameterGroupName}'`)
  const values = new Map<string, string>()
  for await (const { Parameters = [] } of paginateDescribeDBParameters({ client }, { DBParameterGroupName }))
    for (const { ParameterName, ParameterValue } of Parameters)
      if (ParameterName && ParameterValue !== undefined) values.set(ParameterName, ParameterValue)
  return {
    Description: found.Description,
    Family: found.DBParameterGroupFamily,
    Parameters: Object.fromEntries(values),
    Tags: await rdsTags(client, found.DBParameterGroupArn),
  }
}

const dbSubnetGroup: Reader = async ({ region, physicalId: DBSubnetGroupName }) => {
  const client = rds(region)
  const { DBSubnetGroups = [] } = await client.send(new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName }))
  const found = present(DBSubnetGroups[0], `subnet group '${DBSubnetGroupName}'`)
  return {
    DBSubnetGroupDescription: found.DBSubnetGroupDescription,
    SubnetIds: found.Subnets?.map(({ SubnetIdentifier }) => SubnetIdentifier),
    Tags: await rdsTags(client, found.DBSubnetGroupArn),
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
    SSESpecification: { KMSMasterKeyId: Table?.SSEDescription?.KMSMasterKeyArn },
    Tags,
  }
  return {
    AttributeDefinitions: Table?.AttributeDefinitions,
    BillingMode: Table?.BillingModeSummary?.BillingMode,
    KeySchema: Table?.KeySchema,
    TableName: Table?.TableName,
    SSESpecification: { SSEEnabled: Table?.SSEDescription && true, SSEType: Table?.SSEDescription?.SSEType },
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
