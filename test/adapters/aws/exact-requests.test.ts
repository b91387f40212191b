import { createHash } from 'node:crypto'
import { BackupClient } from '@aws-sdk/client-backup'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECSClient } from '@aws-sdk/client-ecs'
import { IAMClient } from '@aws-sdk/client-iam'
import { KMSClient } from '@aws-sdk/client-kms'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { RDSClient } from '@aws-sdk/client-rds'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SFNClient } from '@aws-sdk/client-sfn'
import { SNSClient } from '@aws-sdk/client-sns'
import { SSMClient } from '@aws-sdk/client-ssm'
import { AwsApplicationTier } from '../../../adapters/aws/application-tier'
import { BackupRestoreTests } from '../../../adapters/aws/backup-restore-tests'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { DynamoConditionalStore } from '../../../adapters/aws/dynamo-conditional-store'
import { IamAccountAccess } from '../../../adapters/aws/iam-account-access'
import { KmsDataKeys } from '../../../adapters/aws/kms-data-keys'
import { KmsSigner } from '../../../adapters/aws/kms-signer'
import { callFunction } from '../../../adapters/aws/lambda-call'
import { awsOperator } from '../../../adapters/aws/operator'
import { ParameterStoreConfiguration } from '../../../adapters/aws/parameter-store-configuration'
import { RdsInventory } from '../../../adapters/aws/rds-inventory'
import { RdsPromotion } from '../../../adapters/aws/rds-promotion'
import { RdsSnapshotExports } from '../../../adapters/aws/rds-snapshot-exports'
import { S3ArchiveDisposal } from '../../../adapters/aws/s3-archive-disposal'
import { S3ArchiveIntake } from '../../../adapters/aws/s3-archive-intake'
import { S3CodeCopies } from '../../../adapters/aws/s3-code-copies'
import { markSwitch, S3TrafficSwitch } from '../../../adapters/aws/s3-traffic-switch'
import { S3WriteOnceStore } from '../../../adapters/aws/s3-write-once-store'
import { SnsNotifier } from '../../../adapters/aws/sns-notifier'
import { StepFunctionsMachines } from '../../../adapters/aws/step-functions-machines'
import { VirtualClock } from '../../../adapters/memory/clock'
import type { RunState } from '../../../core/runbook/model'
import { resolvePolicy } from '../../../policy'
import { useFakeAws } from './fake-aws'
import type { Call } from './fake-aws/wire'

/**
 * Every request of every adapter, whole: a stub that looks at what it needs would take a request that lacks what AWS needs.
 * What the SDK adds by itself is left out: signature, names of itself, checksums it chooses, and the form of the body.
 */
const aws = useFakeAws()
const REGION = 'eu-west-1'
const at = clientSettings(REGION)
const s3 = () => new S3Client(at)

/** Headers by which a request means something else. */
const MEANT = /^(if-|range$|x-amz-(?!content-|date|user-agent|trailer|decoded-|sdk-|security-|checksum-crc))/

function meaning({ region, method, url, headers, body }: Call) {
  const meant = Object.entries(headers).filter(([name]) => MEANT.test(name))
  const { 'content-type': type = '' } = headers
  const query = [...url.searchParams].filter(([name]) => name !== 'x-id')
  return {
    region,
    call: `${method} ${url.pathname}`,
    ...(query.length > 0 && { query: Object.fromEntries(query) }),
    ...(meant.length > 0 && { headers: Object.fromEntries(meant) }),
    ...(body !== '' && { body: parsed(type, body) }),
  }
}

function parsed(type: string, body: string): unknown {
  if (!type.startsWith('application/x-www-form-urlencoded')) return JSON.parse(body) as unknown
  const { Version: _, ...form } = Object.fromEntries(new URLSearchParams(body))
  return form
}

const asked = async (work: () => Promise<unknown>) => {
  await work()
  return aws.current.calls.map(meaning)
}
const all = async (items: AsyncIterable<unknown>) => {
  for await (const _ of items);
}
/** A JSON or query protocol: one path, and the operation in a header or in the form. */
const json = (target: string, body: unknown, region = REGION) => ({
  region,
  call: 'POST /',
  headers: { 'x-amz-target': target },
  body,
})
const form = (Action: string, fields: Readonly<Record<string, string>> = {}, region = REGION) => ({
  region,
  call: 'POST /',
  body: { Action, ...fields },
})

describe('DynamoDB', () => {
  const store = () => new DynamoConditionalStore(new DynamoDBClient(at), 'coordination', () => 'nonce')
  const put = (more: object) => ({
    TableName: 'coordination',
    Item: { scope: { S: 'runs' }, key: { S: 'runs/1' }, value: { S: '{"step":1}' }, version: { S: 'nonce' } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...more,
  })

  it('reads', async () => {
    expect(await asked(() => store().get('runs/1'))).toEqual([
      json('DynamoDB_20120810.GetItem', {
        TableName: 'coordination',
        Key: { scope: { S: 'runs' }, key: { S: 'runs/1' } },
        ConsistentRead: true,
      }),
    ])
  })

  it('creates and replaces', async () => {
    expect(await asked(() => store().create('runs/1', { step: 1 }))).toEqual([
      json(
        'DynamoDB_20120810.PutItem',
        put({ ConditionExpression: 'attribute_not_exists(#sort)', ExpressionAttributeNames: { '#sort': 'key' } }),
      ),
    ])
    aws.current.calls.length = 0
    expect(await asked(() => store().replace('runs/1', { step: 1 }, 'older'))).toEqual([
      json(
        'DynamoDB_20120810.PutItem',
        put({
          ConditionExpression: '#version = :version',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':version': { S: 'older' } },
        }),
      ),
    ])
  })

  it('lists, page by page', async () => {
    for (const n of [1, 2, 3, 4]) await store().create(`runs/${n}`, n)
    aws.current.calls.length = 0
    const page = {
      TableName: 'coordination',
      ConsistentRead: true,
      KeyConditionExpression: '#scope = :scope and begins_with(#key, :prefix)',
      ExpressionAttributeNames: { '#scope': 'scope', '#key': 'key' },
      ExpressionAttributeValues: { ':scope': { S: 'runs' }, ':prefix': { S: 'runs/' } },
    }
    expect(await asked(() => all(store().list('runs/')))).toEqual([
      json('DynamoDB_20120810.Query', page),
      json('DynamoDB_20120810.Query', {
        ...page,
        ExclusiveStartKey: { scope: { S: 'runs' }, key: { S: 'runs/3' } },
      }),
    ])
  })
})

describe('S3', () => {
  it('writes evidence once, reads it and lists it', async () => {
    const store = new S3WriteOnceStore(s3(), 'evidence')
    for (const n of [2, 3]) aws.current.s3.objects.set(`evidence/records/${n}`, '{}')
    const requests = await asked(async () => {
      await store.create('records/1', '{"a":1}')
      await store.get('records/1')
      await all(store.keys('records/'))
    })
    const list = { region: REGION, call: 'GET /evidence/' }
    expect(requests).toEqual([
      { region: REGION, call: 'PUT /evidence/records/1', headers: { 'if-none-match': '*' }, body: { a: 1 } },
      { region: REGION, call: 'GET /evidence/records/1', headers: { 'x-amz-checksum-mode': 'ENABLED' } },
      { ...list, query: { 'list-type': '2', prefix: 'records/' } },
      { ...list, query: { 'list-type': '2', prefix: 'records/', 'continuation-token': 'records/2' } },
    ])
  })

  it('sets the switch only where nothing is, replaces what it read, and clears no other', async () => {
    const place = (region: string) => ({ client: new S3Client(clientSettings(region)), bucket: `switch-${region}` })
    const places = { recovery: place(REGION), witness: place('eu-central-1') }
    const point = (epoch: number, region = REGION) =>
      new S3TrafficSwitch(places, targets, async () => undefined).point('witness', { region, epoch, key: 'k' })
    const targets = { recoveryRegion: REGION, regions: [], next: 'db-g3' }
    const object = '/switch-eu-central-1/traffic-in-recovery'
    const held = () =>
      `"${createHash('md5')
        .update(aws.current.s3.objects.get(object.slice(1))!)
        .digest('hex')}"`
    const read = { region: 'eu-central-1', call: `GET ${object}`, headers: { 'x-amz-checksum-mode': 'ENABLED' } }
    const written = (epoch: number, headers: object) => ({
      region: 'eu-central-1',
      call: `PUT ${object}`,
      headers,
      body: { region: REGION, epoch, key: 'k' },
    })
    expect(await asked(() => point(2))).toEqual([read, written(2, { 'if-none-match': '*' })])
    aws.current.calls.length = 0
    const second = held()
    expect(await asked(() => point(3))).toEqual([read, written(3, { 'if-match': second })])
    aws.current.calls.length = 0
    const third = held()
    expect(await asked(() => point(4, 'sa-east-1'))).toEqual([
      read,
      { region: 'eu-central-1', call: `DELETE ${object}`, headers: { 'if-match': third } },
    ])
    aws.current.calls.length = 0
    await markSwitch(places.recovery)
    expect(aws.current.calls.map(({ url, body }) => [url.pathname, body])).toEqual([
      ['/switch-eu-west-1/always-present', 'present'],
    ])
  })

  it('stores a bundle under the hash that S3 checks, and looks at it without reading', async () => {
    const copies = new S3CodeCopies(s3(), 'code')
    const sha256 = createHash('sha256').update('{}')
    const digest = sha256.copy().digest('base64')
    const requests = await asked(async () => {
      await copies.storeBundle('bundles/x', Buffer.from('{}'), sha256.copy().digest('hex'))
      await copies.describeBundle('bundles/x')
      await copies.readBundle('bundles/x')
    })
    expect(requests).toEqual([
      {
        region: REGION,
        call: 'PUT /code/bundles/x',
        headers: { 'if-none-match': '*', 'x-amz-checksum-sha256': digest },
        body: {},
      },
      { region: REGION, call: 'HEAD /code/bundles/x', headers: { 'x-amz-checksum-mode': 'ENABLED' } },
      { region: REGION, call: 'GET /code/bundles/x', headers: { 'x-amz-checksum-mode': 'ENABLED' } },
    ])
  })

  it('takes an export into the archive', async () => {
    const archive = new S3ArchiveIntake(s3(), 'staging', new Map([['phi', 'archive-phi']]), s3())
    aws.current.s3.objects.set('staging/task 1/a', '{}')
    const requests = await asked(async () => {
      await all(archive.staged('task 1/'))
      await archive.holds('phi', 'exports/a')
      await archive.take('phi', { key: 'task 1/a', bytes: 2 }, 'exports/a')
      await archive.write('phi', 'exports/manifest', '{}')
    })
    expect(requests).toEqual([
      { region: REGION, call: 'GET /staging/', query: { 'list-type': '2', prefix: 'task 1/' } },
      { region: REGION, call: 'HEAD /archive-phi/exports/a' },
      // The answer to HEAD does not tell a missing object from a missing bucket.
      { region: REGION, call: 'GET /archive-phi/', query: { 'list-type': '2', prefix: 'exports/a', 'max-keys': '1' } },
      {
        region: REGION,
        call: 'PUT /archive-phi/exports/a',
        headers: { 'x-amz-copy-source': 'staging/task%201/a', 'x-amz-checksum-algorithm': 'SHA256' },
      },
      { region: REGION, call: 'PUT /archive-phi/exports/manifest', headers: { 'if-none-match': '*' }, body: {} },
    ])
  })

  it('looks at the locks of a version and destroys it, without passing over one', async () => {
    const archive = new S3ArchiveDisposal(s3(), new Map([['phi', 'archive-phi']]))
    const version = { key: 'a', versionId: 'v1' }
    aws.current.s3.versions.held.push({ ...version, bucket: 'archive-phi', modifiedAt: '2000-01-01T00:00:00.000Z' })
    const requests = await asked(async () => {
      await archive.versions('phi', 'a')
      await archive.deleteVersion('phi', version)
    })
    const object = { region: REGION, call: 'GET /archive-phi/a' }
    expect(requests).toEqual([
      { region: REGION, call: 'GET /archive-phi/', query: { versions: '', prefix: 'a' } },
      { ...object, query: { retention: '', versionId: 'v1' } },
      { ...object, query: { 'legal-hold': '', versionId: 'v1' } },
      { region: REGION, call: 'DELETE /archive-phi/a', query: { versionId: 'v1' } },
    ])
  })
})

describe('KMS', () => {
  it('signs by its own key, the text itself', async () => {
    const signer = new KmsSigner(new KMSClient(at), 'alias/checkpoint')
    const requests = await asked(async () => {
      await signer.sign('text')
      await signer.publicKey()
    })
    expect(requests).toEqual([
      json('TrentService.Sign', {
        KeyId: 'alias/checkpoint',
        Message: Buffer.from('text').toString('base64'),
        MessageType: 'RAW',
        SigningAlgorithm: 'ECDSA_SHA_256',
      }),
      json('TrentService.GetPublicKey', { KeyId: 'alias/checkpoint' }),
    ])
  })

  it('makes a data key, and names the key again to unwrap it', async () => {
    const keys = new KmsDataKeys(new KMSClient(at), 'alias/configuration')
    const context = { purpose: 'test' }
    const { wrapped } = await keys.make(context)
    expect(await asked(() => keys.unwrap(wrapped, context))).toEqual([
      json('TrentService.GenerateDataKey', {
        KeyId: 'alias/configuration',
        KeySpec: 'AES_256',
        EncryptionContext: context,
      }),
      json('TrentService.Decrypt', {
        KeyId: 'alias/configuration',
        CiphertextBlob: wrapped,
        EncryptionContext: context,
      }),
    ])
  })
})

describe('RDS', () => {
  const replica = { region: REGION, instance: 'db-g2' }

  it('describes an instance, marks it and promotes it', async () => {
    aws.current.rds.instances.set('db-g2', { status: 'available', source: 'db-g1', tags: new Map() })
    const client = new RDSClient(at)
    const describe = form('DescribeDBInstances', { DBInstanceIdentifier: 'db-g2' })
    const requests = await asked(async () => {
      await new RdsInventory(client, REGION).describe(replica)
      await new RdsPromotion(client, REGION).promote(replica, { key: 'run-1/promote', backupRetentionDays: 35 })
    })
    expect(requests).toEqual([
      describe,
      describe,
      form('AddTagsToResource', {
        ResourceName: 'arn:aws:rds:eu-west-1:111122223333:db:db-g2',
        'Tags.Tag.1.Key': 'recovery:backup-plan',
        'Tags.Tag.1.Value': 'writer',
        'Tags.Tag.2.Key': 'recovery:promotion',
        'Tags.Tag.2.Value': 'run-1/promote',
      }),
      form('PromoteReadReplica', { DBInstanceIdentifier: 'db-g2', BackupRetentionPeriod: '35' }),
    ])
  })

  it('exports the named tables of the newest snapshot, and nothing else', async () => {
    const target = { instance: 'db-g1', database: 'clinic', bucket: 'staging', roleArn: 'arn:role', keyArn: 'arn:key' }
    const exports = new RdsSnapshotExports(new RDSClient(at), target)
    for (const takenAt of ['2026-11-01T05:00:00Z', '2026-11-02T05:00:00Z'])
      aws.current.rds.snapshots.push({ arn: `arn:${takenAt}`, takenAt, type: 'automated', status: 'available' })
    const requests = await asked(async () => {
      await exports.newestSnapshot()
      await exports.task('archive-1')
      await exports.start({ id: 'archive-1', snapshot: 'arn:s', tables: ['clinic.records', 'clinic.patients'] })
    })
    const snapshots = { DBInstanceIdentifier: 'db-g1', SnapshotType: 'automated' }
    expect(requests).toEqual([
      form('DescribeDBSnapshots', snapshots),
      form('DescribeDBSnapshots', { ...snapshots, Marker: '1' }),
      form('DescribeDBSnapshots', { ...snapshots, SnapshotType: 'awsbackup' }),
      form('DescribeExportTasks', { ExportTaskIdentifier: 'archive-1' }),
      form('StartExportTask', {
        ExportTaskIdentifier: 'archive-1',
        SourceArn: 'arn:s',
        S3BucketName: 'staging',
        IamRoleArn: 'arn:role',
        KmsKeyId: 'arn:key',
        'ExportOnly.member.1': 'clinic.clinic.records',
        'ExportOnly.member.2': 'clinic.clinic.patients',
      }),
    ])
  })
})

describe('Lambda, ECS, SNS and Step Functions', () => {
  it('runs a function and waits for its answer, in no other version than the one in force', async () => {
    aws.current.lambda.functions.set(`${REGION}/fence`, () => null)
    expect(await asked(() => callFunction(new LambdaClient(at), 'fence', { a: 1 }, 15_000))).toEqual([
      { region: REGION, call: 'POST /2015-03-31/functions/fence/invocations', body: { a: 1 } },
    ])
  })

  it('brings the application up', async () => {
    const tier = new AwsApplicationTier(new ECSClient(at), new LambdaClient(at))
    aws.current.ecs.services.set('clinic/api', { desiredCount: 0, runningCount: 0 })
    aws.current.lambda.aliases.set(`${REGION}/api/live`, '4').set(`${REGION}/api/standby`, '7')
    const [ecs, alias] = ['AmazonEC2ContainerServiceV20141113', '/2015-03-31/functions/api/aliases']
    const hooks = [
      { kind: 'scale-ecs-service', name: 'api', cluster: 'clinic', service: 'api', desiredCount: 2 },
      { kind: 'flip-deployment', name: 'api', function: 'api', alias: 'live', toAlias: 'standby' },
    ] as const
    const requests = await asked(async () => {
      for (const hook of hooks) await tier.bringUp(hook, { key: 'run-1/bring-up/api' })
    })
    expect(requests).toEqual([
      json(`${ecs}.DescribeServices`, { cluster: 'clinic', services: ['api'] }),
      json(`${ecs}.UpdateService`, { cluster: 'clinic', service: 'api', desiredCount: 2 }),
      { region: REGION, call: `GET ${alias}/standby` },
      { region: REGION, call: `GET ${alias}/live` },
      { region: REGION, call: `PUT ${alias}/live`, body: { FunctionVersion: '7' } },
    ])
  })

  it('tells an audience through its topic', async () => {
    aws.current.sns.topics.set('arn:topic', [])
    const notifier = new SnsNotifier(new SNSClient(at), new Map([['level-1', 'arn:topic']]))
    expect(await asked(() => notifier.notify('level-1', { subject: 's', lines: ['a', 'b'] }))).toEqual([
      form('Publish', { TopicArn: 'arn:topic', Subject: 's', Message: 'a\nb' }),
    ])
  })

  it('starts a run under its own id, or under the name it is given', async () => {
    aws.current.stepFunctions.machines.set('arn:machine', new Map())
    const machines = new StepFunctionsMachines(
      () => new SFNClient(at),
      new Map([[`region-failover@${REGION}`, 'arn:machine']]),
    )
    const run = { runId: 'run-1', input: { region: REGION } } as RunState
    const requests = await asked(async () => {
      await machines.start('region-failover', run)
      await machines.start('region-failover', run, 'real-run-1')
    })
    expect(requests).toEqual(
      ['run-1', 'real-run-1'].map((name) =>
        json('AWSStepFunctions.StartExecution', { stateMachineArn: 'arn:machine', name, input: JSON.stringify(run) }),
      ),
    )
  })
})

describe('Parameter Store and Secrets Manager', () => {
  it('reads, puts and removes settings, and looks at secrets without their values', async () => {
    const scope = { paths: ['/neonpro'], secrets: ['application'], keyId: 'alias/configuration' }
    const configuration = new ParameterStoreConfiguration(new SSMClient(at), new SecretsManagerClient(at), scope)
    const requests = await asked(async () => {
      await configuration.put({ name: '/neonpro/a', kind: 'plain', value: '1' })
      await configuration.put({ name: '/neonpro/b', kind: 'sealed', value: '2' })
      await all(configuration.settings())
      await all(configuration.history('/neonpro/a'))
      await all(configuration.secrets())
      await configuration.remove('/neonpro/a')
    })
    expect(requests).toEqual([
      json('AmazonSSM.PutParameter', { Name: '/neonpro/a', Value: '1', Type: 'String', Overwrite: true }),
      json('AmazonSSM.PutParameter', {
        Name: '/neonpro/b',
        Value: '2',
        Type: 'SecureString',
        Overwrite: true,
        KeyId: 'alias/configuration',
      }),
      json('AmazonSSM.GetParametersByPath', { Path: '/neonpro', Recursive: true, WithDecryption: true }),
      json('AmazonSSM.GetParameterHistory', { Name: '/neonpro/a', WithDecryption: true }),
      json('secretsmanager.DescribeSecret', { SecretId: 'application' }),
      json('AmazonSSM.DeleteParameter', { Name: '/neonpro/a' }),
    ])
  })
})

describe('AWS Backup, IAM and STS', () => {
  it('looks at a restore test and settles it', async () => {
    const now = Date.now() / 1000
    aws.current.backup.jobs.set('J-1', { Status: 'COMPLETED', CreationDate: now, RecoveryPointCreationDate: now })
    const tests = new BackupRestoreTests(new BackupClient(at))
    const requests = await asked(async () => {
      await tests.describe('J-1')
      await tests.report('J-1', { status: 'failed', code: 'SEQUENCES_FAIL' })
    })
    expect(requests).toEqual([
      { region: REGION, call: 'GET /restore-jobs/J-1' },
      {
        region: REGION,
        call: 'PUT /restore-jobs/J-1/validations',
        body: { ValidationStatus: 'FAILED', ValidationStatusMessage: 'SEQUENCES_FAIL' },
      },
    ])
  })

  it('reads the account, and says every word of a password policy', async () => {
    aws.current.iam.reportTakes = 0
    aws.current.iam.report = 'user\n'
    aws.current.iam.roles.set('operator', undefined)
    const account = new IamAccountAccess(new IAMClient(clientSettings('us-east-1')), new VirtualClock())
    const wanted = { minimumLength: 12, upperCase: true, lowerCase: true, numbers: true, symbols: false }
    const requests = await asked(async () => {
      await account.credentialReport()
      await account.roleLastUsed('operator')
      await account.passwordPolicy()
      await account.setPasswordPolicy(wanted)
      await account.setPasswordPolicy({ ...wanted, maxAgeDays: 90, remembered: 24 })
    })
    const policy = {
      MinimumPasswordLength: '12',
      RequireUppercaseCharacters: 'true',
      RequireLowercaseCharacters: 'true',
      RequireNumbers: 'true',
      RequireSymbols: 'false',
      AllowUsersToChangePassword: 'true',
      HardExpiry: 'false',
    }
    expect(requests).toEqual(
      [
        form('GenerateCredentialReport'),
        form('GetCredentialReport'),
        form('GetRole', { RoleName: 'operator' }),
        form('GetAccountPasswordPolicy'),
        form('UpdateAccountPasswordPolicy', policy),
        form('UpdateAccountPasswordPolicy', { ...policy, MaxPasswordAge: '90', PasswordReusePrevention: '24' }),
      ].map((request) => ({ ...request, region: 'us-east-1' })),
    )
  })

  it('asks who the caller is in the recovery region', async () => {
    const policy = resolvePolicy('production')
    aws.current.sts.caller = `arn:aws:sts::${policy.topology.accountId}:assumed-role/operator/somebody`
    expect(await asked(() => awsOperator(policy, process.env))).toEqual([form('GetCallerIdentity')])
  })
})
