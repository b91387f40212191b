import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECSClient } from '@aws-sdk/client-ecs'
import { IAMClient } from '@aws-sdk/client-iam'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda'
import {
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from '@aws-sdk/client-rds'
import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn'
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { SSMClient } from '@aws-sdk/client-ssm'
import { COORDINATION_TABLE_KEYS, SWITCH_TO_RECOVERY, switchToNext } from '../../adapters/aws/agreed-names'
import { AwsApplicationTier } from '../../adapters/aws/application-tier'
import { checkpointedEvidence } from '../../adapters/aws/checkpointed-evidence'
import { DynamoConditionalStore } from '../../adapters/aws/dynamo-conditional-store'
import { IamAccountAccess } from '../../adapters/aws/iam-account-access'
import { KmsDataKeys } from '../../adapters/aws/kms-data-keys'
import { KmsSigner } from '../../adapters/aws/kms-signer'
import { ParameterStoreConfiguration } from '../../adapters/aws/parameter-store-configuration'
import { RdsInventory } from '../../adapters/aws/rds-inventory'
import { RdsPromotion } from '../../adapters/aws/rds-promotion'
import { S3ArchiveDisposal } from '../../adapters/aws/s3-archive-disposal'
import { S3CodeCopies } from '../../adapters/aws/s3-code-copies'
import { S3TrafficSwitch } from '../../adapters/aws/s3-traffic-switch'
import { S3WriteOnceStore } from '../../adapters/aws/s3-write-once-store'
import { servedInstance } from '../../adapters/aws/served-instance'
import { SnsNotifier } from '../../adapters/aws/sns-notifier'
import { StepFunctionsMachines } from '../../adapters/aws/step-functions-machines'
import { systemClock } from '../../adapters/local/clock'
import type { Audience } from '../../core/ports/notifier'
import type { RunState } from '../../core/runbook/model'
import { useOneRealm } from '../adapters/aws/fake-aws/one-realm'
import { describePasswordPolicy } from '../contracts/account-access'
import { describeApplicationTier } from '../contracts/application-tier'
import { describeArchiveDisposal } from '../contracts/archive-disposal'
import { describeCodeCopies } from '../contracts/code-copies'
import { describeConditionalStore } from '../contracts/conditional-store'
import { describeConfiguration } from '../contracts/configuration'
import { describeDataKeys } from '../contracts/data-keys'
import { describeEvidenceLog } from '../contracts/evidence-log'
import { describeInventory } from '../contracts/inventory'
import { describeNotifier } from '../contracts/notifier'
import { describePromotion } from '../contracts/promotion'
import { describeRunbookMachines } from '../contracts/runbook-machines'
import { describeSigner } from '../contracts/signer'
import { describeTrafficSwitch } from '../contracts/traffic-switch'
import { describeWriteOnceStore } from '../contracts/write-once-store'
import { openStage, type EmulatorStage } from './stage'

const [HOME, AWAY, WITNESS] = ['sa-east-1', 'eu-west-1', 'eu-central-1'] as const

useOneRealm()
const stages: EmulatorStage[] = []
afterAll(() => Promise.all(stages.map((stage) => stage.close())))
const newStage = async (emulator?: 'AWS_ENDPOINT_URL_RDS'): Promise<EmulatorStage> => {
  const stage = await openStage(emulator)
  stages.push(stage)
  return stage
}

/** A versioned bucket, as every bucket of ours is. */
async function newBucket(stage: EmulatorStage, kind: string, region: string = AWAY) {
  const client = new S3Client(stage.settings(region))
  const bucket = `${kind}-${stage.name}`
  const CreateBucketConfiguration = { LocationConstraint: region as typeof AWAY }
  await client.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }))
  const VersioningConfiguration = { Status: 'Enabled' as const }
  await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }))
  return { client, bucket }
}

async function newSigner(stage: EmulatorStage): Promise<KmsSigner> {
  const client = new KMSClient(stage.settings(AWAY))
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }))
  return new KmsSigner(client, KeyMetadata?.Arn ?? '')
}

async function newDataKeys(stage: EmulatorStage, region: string): Promise<KmsDataKeys> {
  const client = new KMSClient(stage.settings(region))
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}))
  return new KmsDataKeys(client, KeyMetadata?.Arn ?? '')
}

describeConditionalStore('DynamoDB of MiniStack', async () => {
  const client = new DynamoDBClient((await newStage()).settings(AWAY))
  const { partition, sort } = COORDINATION_TABLE_KEYS
  await client.send(
    new CreateTableCommand({
      TableName: 'coordination',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [partition, sort].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: partition, KeyType: 'HASH' },
        { AttributeName: sort, KeyType: 'RANGE' },
      ],
    }),
  )
  return new DynamoConditionalStore(client, 'coordination')
})

describeWriteOnceStore('S3 of MiniStack', async () => {
  const { client, bucket } = await newBucket(await newStage(), 'evidence')
  return new S3WriteOnceStore(client, bucket)
})

describeCodeCopies('S3 of MiniStack', async () => {
  const { client, bucket } = await newBucket(await newStage(), 'code')
  return new S3CodeCopies(client, bucket)
})

/** A ZIP archive of nothing, for functions that nobody runs: its end, with a comment that makes it another one. */
function emptyArchive(comment: string): Buffer {
  const [counts, length] = [Buffer.alloc(16), Buffer.alloc(2)]
  length.writeUInt16LE(comment.length)
  return Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), counts, length, Buffer.from(comment)])
}

describeArchiveDisposal('S3 of MiniStack', async () => {
  const stage = await newStage()
  const client = new S3Client(stage.settings(AWAY))
  const at = { Bucket: `archive-${stage.name}` }
  await client.send(new CreateBucketCommand({ ...at, ObjectLockEnabledForBucket: true }))
  return {
    archive: new S3ArchiveDisposal(client, new Map([['phi', at.Bucket]])),
    add: async (key, { lockedUntil, legalHold = false } = {}) => {
      const { VersionId = '' } = await client.send(new PutObjectCommand({ ...at, Key: key, Body: 'x' }))
      const version = { ...at, Key: key, VersionId }
      if (lockedUntil !== undefined) {
        const Retention = { Mode: 'GOVERNANCE' as const, RetainUntilDate: new Date(lockedUntil) }
        await client.send(new PutObjectRetentionCommand({ ...version, Retention }))
      }
      if (legalHold) await client.send(new PutObjectLegalHoldCommand({ ...version, LegalHold: { Status: 'ON' } }))
      const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ ...at, Prefix: key }))
      const archivedAt = Versions.find((one) => one.VersionId === VersionId)?.LastModified?.toISOString() ?? ''
      return { key, versionId: VersionId, archivedAt, legalHold, ...(lockedUntil !== undefined && { lockedUntil }) }
    },
  }
})

describePasswordPolicy(
  'IAM of MiniStack',
  async () => new IamAccountAccess(new IAMClient((await newStage()).settings('us-east-1')), systemClock),
)

describeApplicationTier(
  'an alias of a function, Lambda of MiniStack',
  { kind: 'flip-deployment', name: 'api', function: 'api', alias: 'live', toAlias: 'standby' },
  async () => {
    const stage = await newStage()
    const client = new LambdaClient(stage.settings(AWAY))
    const at = { FunctionName: 'api' }
    await client.send(
      new CreateFunctionCommand({
        ...at,
        Runtime: 'nodejs22.x',
        Role: 'arn:aws:iam::111122223333:role/api',
        Handler: 'index.handler',
        Code: { ZipFile: emptyArchive('first') },
      }),
    )
    for (const Name of ['live', 'standby']) {
      // A version is made only of what has changed.
      await client.send(new UpdateFunctionCodeCommand({ ...at, ZipFile: emptyArchive(Name) }))
      const { Version } = await client.send(new PublishVersionCommand(at))
      await client.send(new CreateAliasCommand({ ...at, Name, FunctionVersion: Version }))
    }
    const { FunctionVersion: before } = await client.send(new GetAliasCommand({ ...at, Name: 'live' }))
    const started: string[] = []
    client.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          if (commandName === 'UpdateAliasCommand') started.push('api')
          return next(args)
        },
      { step: 'initialize' },
    )
    return {
      tier: new AwsApplicationTier(new ECSClient(stage.settings(AWAY)), client),
      started: () => [...started],
      settle: () => undefined,
      ail: async () =>
        void (await client.send(new UpdateAliasCommand({ ...at, Name: 'live', FunctionVersion: before }))),
    }
  },
)

describeSigner('KMS of MiniStack', async () => newSigner(await newStage()))

describeDataKeys('KMS of MiniStack, two regions', async () => {
  const stage = await newStage()
  return { own: await newDataKeys(stage, HOME), foreign: await newDataKeys(stage, AWAY) }
})

describeDataKeys('KMS of MiniStack, two keys of one region', async () => {
  const stage = await newStage()
  return { own: await newDataKeys(stage, HOME), foreign: await newDataKeys(stage, HOME) }
})

describeEvidenceLog('S3 and KMS of MiniStack', async () => {
  const stage = await newStage()
  const { client, bucket } = await newBucket(stage, 'evidence')
  const signer = await newSigner(await newStage())
  const identity = { region: AWAY, writer: 'runbook', environment: 'test', policyHash: 'f'.repeat(64) }
  const open = () => checkpointedEvidence(new S3WriteOnceStore(client, bucket), signer, systemClock, identity, [])
  return { log: open(), again: open, fail: stage.cut, heal: stage.heal }
})

describeTrafficSwitch('S3 of MiniStack', async () => {
  const [recovery, witness] = [await newStage(), await newStage()]
  const places = {
    recovery: await newBucket(recovery, 'switch', AWAY),
    witness: await newBucket(witness, 'switch', WITNESS),
  }
  // What Route 53 answers by its health checks: each record gives way only while its objects stand in both places.
  const standsIn = ({ client, bucket }: (typeof places)['recovery'], key: string) =>
    client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })).then(
      () => true,
      () => false,
    )
  const stands = async (key: string) =>
    (await Promise.all(Object.values(places).map((place) => standsIn(place, key)))).every(Boolean)
  const beside = { region: HOME, instance: 'db-g3' }
  const cname = async () => {
    const region = (await stands(SWITCH_TO_RECOVERY)) ? AWAY : HOME
    const moved = await stands(switchToNext(region, beside.instance))
    return [`${moved ? beside.instance : 'db-g1'}.abc123.${region}.rds.amazonaws.com`]
  }
  const lookup = { cname, addresses: async () => ['127.0.0.1'] }
  const targets = { recoveryRegion: AWAY, regions: [HOME, AWAY], next: beside.instance }
  return {
    trafficSwitch: new S3TrafficSwitch(places, targets, () =>
      servedInstance(lookup, 'db.neonpro.healthcare', beside.instance),
    ),
    home: HOME,
    away: AWAY,
    beside,
    settle: async () => undefined,
    cutWitness: witness.cut,
    heal: witness.heal,
    remove: async () => undefined,
  }
})

describeConfiguration('Parameter Store and Secrets Manager of MiniStack', async () => {
  const stage = await newStage()
  const secrets = new SecretsManagerClient(stage.settings(HOME))
  const { KeyMetadata } = await new KMSClient(stage.settings(HOME)).send(new CreateKeyCommand({}))
  return {
    configuration: new ParameterStoreConfiguration(new SSMClient(stage.settings(HOME)), secrets, {
      paths: ['/neonpro/configuration'],
      secrets: ['application'],
      keyId: KeyMetadata?.Arn ?? '',
    }),
    rotate: async (secret, versionId) => {
      await secrets.send(new CreateSecretCommand({ Name: secret })).catch((error: unknown) => {
        if (!(error instanceof ResourceExistsException)) throw error
      })
      const ClientRequestToken = versionId
      await secrets.send(new PutSecretValueCommand({ SecretId: secret, SecretString: 'x', ClientRequestToken }))
    },
  }
})

describeNotifier('SNS of MiniStack', async (audiences) => {
  const stage = await newStage()
  const [sns, sqs] = [new SNSClient(stage.settings(AWAY)), new SQSClient(stage.settings(AWAY))]
  const topics = new Map<string, string>()
  const queues = new Map<Audience, string>()
  for (const audience of audiences) {
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: audience }))
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: audience }))
    const wanted = { QueueUrl, AttributeNames: ['QueueArn' as const] }
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand(wanted))
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }))
    topics.set(audience, TopicArn)
    queues.set(audience, QueueUrl)
  }
  return {
    notifier: new SnsNotifier(sns, topics),
    told: async (audience) => {
      const command = new ReceiveMessageCommand({ QueueUrl: queues.get(audience), MaxNumberOfMessages: 10 })
      const { Messages = [] } = await sqs.send(command)
      return Messages.map(({ Body = '' }) => {
        const { Subject, Message } = JSON.parse(Body) as { Subject: string; Message: string }
        return `${Subject}\n${Message}`
      })
    },
  }
})

describeRunbookMachines('Step Functions of MiniStack', async (runbooks) => {
  const client = new SFNClient((await newStage()).settings(AWAY))
  const definition = JSON.stringify({ StartAt: 'Run', States: { Run: { Type: 'Wait', Seconds: 60, End: true } } })
  const roleArn = 'arn:aws:iam::111122223333:role/states'
  const arns = new Map<string, string>()
  for (const name of runbooks) {
    const { stateMachineArn = '' } = await client.send(new CreateStateMachineCommand({ name, definition, roleArn }))
    arns.set(name, stateMachineArn)
  }
  return {
    machines: new StepFunctionsMachines(
      () => client,
      new Map([...arns].map(([name, arn]) => [`${name}@${AWAY}`, arn])),
    ),
    runsOf: async (runbook) => {
      const stateMachineArn = arns.get(runbook)
      const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }))
      return Promise.all(
        executions.map(async ({ executionArn }) => {
          const { input = '' } = await client.send(new DescribeExecutionCommand({ executionArn }))
          return JSON.parse(input) as RunState
        }),
      )
    },
  }
})

/** A replica in moto whose source stands in another region. */
async function replicaStage() {
  const stage = await newStage('AWS_ENDPOINT_URL_RDS')
  const primary = { region: HOME, instance: `${stage.name}-g1` }
  const replica = { region: AWAY, instance: `${stage.name}-g2` }
  const { DBInstance } = await new RDSClient(stage.settings(HOME)).send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: primary.instance,
      DBInstanceClass: 'db.t4g.medium',
      Engine: 'postgres',
      AllocatedStorage: 20,
      MasterUsername: 'owner',
      MasterUserPassword: 'nobody-logs-in',
    }),
  )
  const client = new RDSClient(stage.settings(AWAY))
  await client.send(
    new CreateDBInstanceReadReplicaCommand({
      DBInstanceIdentifier: replica.instance,
      SourceDBInstanceIdentifier: DBInstance?.DBInstanceArn,
    }),
  )
  let begun = 0
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'PromoteReadReplicaCommand') begun += 1
        return next(args)
      },
    { step: 'initialize' },
  )
  const promotion = new RdsPromotion(client, AWAY)
  const describe = () => client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: replica.instance }))
  return {
    primary,
    replica,
    inventory: new RdsInventory(client, AWAY),
    promotion,
    promote: () => promotion.promote(replica, { key: 'run-1/promote', backupRetentionDays: 35 }),
    role: async () =>
      (await describe()).DBInstances?.[0]?.ReadReplicaSourceDBInstanceIdentifier
        ? ('replica' as const)
        : ('primary' as const),
    finish: async () => undefined,
    begun: async () => begun,
    cut: stage.cut,
    heal: stage.heal,
    remove: async () => undefined,
  }
}

describeInventory('RDS of moto', replicaStage)
describePromotion('RDS of moto', replicaStage)
