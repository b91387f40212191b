import { resolvePolicy } from '../../policy'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { contract } from '../../task/archive-dump/contract'
import { contract as readBackContract } from '../../task/archive-read-back/contract'
import { PRESETS } from '../policy/presets'
import { resourcesOf, synthesize, type SynthesizedStack } from './synth'

const policy = resolvePolicy('production')
const stacks = synthesize(policy)
const bucketsOf = (tree: readonly SynthesizedStack[]) =>
  resourcesOf(tree, 'AWS::S3::Bucket').filter(({ stack }) => /-archive-(primary|recovery)$/.test(stack))
interface Statement {
  readonly Action: string | readonly string[]
  readonly Resource: unknown
}
const statementsOf = (resource: { readonly Properties?: Readonly<Record<string, unknown>> } | undefined) =>
  (resource?.Properties?.['PolicyDocument'] as { readonly Statement: readonly Statement[] } | undefined)?.Statement ??
  []
const named = (name: string, region = 'sa-east-1') =>
  bucketsOf(stacks).find(
    ({ Properties }) => Properties?.['BucketName'] === `neonpro-production-archive-${name}-111122223333-${region}`,
  )

test('each class that is archived has a bucket in each data region', () => {
  expect(bucketsOf(stacks).map(({ Properties }) => Properties?.['BucketName'])).toHaveLength(6)
  for (const name of ['phi', 'pii', 'financial'])
    for (const region of ['sa-east-1', 'eu-west-1']) expect(named(name, region)).toBeDefined()
})

test.each([
  ['phi', 9132],
  ['pii', 3653],
  ['financial', 2557],
])('%s is locked for the most days its calendar years can have: %i', (name, days) => {
  expect(named(name)?.Properties).toMatchObject({
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: days } } },
  })
})

test('no lifecycle ever deletes health data or identities, whatever their age', () => {
  for (const region of ['sa-east-1', 'eu-west-1'])
    for (const name of ['phi', 'pii']) {
      const lifecycle = JSON.stringify(named(name, region)?.Properties?.['LifecycleConfiguration'])
      expect(lifecycle).toContain('DEEP_ARCHIVE')
      expect(lifecycle).not.toMatch(/Expir/)
    }
})

test('what may expire does so only after its lock', () => {
  expect(named('financial')?.Properties).toMatchObject({
    LifecycleConfiguration: {
      Rules: [{ Id: 'unfinished' }, { Id: 'tiers' }, { Id: 'after-lock', ExpirationInDays: 2558 }],
    },
  })
})

test('every bucket is copied from the primary to the recovery region under time control, deletions are not', () => {
  for (const { region, Properties } of bucketsOf(stacks)) {
    if (region !== 'sa-east-1') expect(Properties).not.toHaveProperty('ReplicationConfiguration')
    else
      expect(Properties).toMatchObject({
        ReplicationConfiguration: {
          Rules: [
            {
              DeleteMarkerReplication: { Status: 'Disabled' },
              Destination: { ReplicationTime: { Status: 'Enabled' }, Metrics: { Status: 'Enabled' } },
            },
          ],
        },
      })
  }
  const both = synthesize({ ...policy, archive: { ...policy.archive, replication: 'both-ways' } })
  for (const { Properties } of bucketsOf(both)) expect(Properties).toHaveProperty('ReplicationConfiguration')
})

test('only the role of the disposals of the region may delete a version, and nobody may lift a lock', () => {
  const policies = resourcesOf(stacks, 'AWS::S3::BucketPolicy').filter(({ stack }) =>
    stack.endsWith('-archive-recovery'),
  )
  expect(policies).toHaveLength(3)
  for (const policyOfBucket of policies) {
    const Statement = statementsOf(policyOfBucket)
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 's3:DeleteObjectVersion',
        Condition: {
          ArnNotEquals: {
            'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/neonpro-production-archive-disposal-eu-west-1',
          },
        },
      }),
    )
    expect(Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Action: ['s3:BypassGovernanceRetention', 's3:DeleteObject'] }),
    )
  }
})

test('the role of the disposals can neither read nor write an object, nor record or approve a disposal', () => {
  const [role] = resourcesOf(stacks, 'AWS::IAM::ManagedPolicy').filter(
    ({ Properties }) => Properties?.['ManagedPolicyName'] === 'neonpro-production-archive-disposal-eu-west-1',
  )
  const Statement = statementsOf(role)
  const onArchive = Statement.filter(({ Resource }) => JSON.stringify(Resource).includes('-archive-'))
    .flatMap(({ Action }) => Action)
    .filter((action) => action.startsWith('s3:'))
  expect(new Set(onArchive)).toEqual(
    new Set(['s3:ListBucketVersions', 's3:DeleteObjectVersion', 's3:GetObjectLegalHold', 's3:GetObjectRetention']),
  )
  const onTable = Statement.filter(({ Resource }) => JSON.stringify(Resource).includes('table/')).flatMap(
    ({ Action }) => Action,
  )
  expect(onTable).toEqual(['dynamodb:GetItem'])
})

test('in one region nothing is copied and nobody disposes', () => {
  const alone = synthesize(PRESETS['brazil-only'])
  expect(bucketsOf(alone)).toHaveLength(3)
  for (const { Properties } of bucketsOf(alone)) expect(Properties).not.toHaveProperty('ReplicationConfiguration')
  expect(alone.filter(({ name }) => name.includes('archive-disposal'))).toEqual([])
})

test('nobody but a deployment changes how long the archive is kept, or where its copies go', () => {
  const policies = resourcesOf(stacks, 'AWS::S3::BucketPolicy').filter(({ stack }) =>
    /-archive-(primary|recovery)$/.test(stack),
  )
  expect(policies).toHaveLength(6)
  for (const { region, ...resource } of policies)
    expect(statementsOf(resource)).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: [
          's3:PutBucketObjectLockConfiguration',
          's3:PutBucketVersioning',
          's3:PutLifecycleConfiguration',
          's3:PutReplicationConfiguration',
        ],
        Condition: {
          ArnNotEquals: {
            'aws:PrincipalArn': `arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-${region}`,
          },
        },
      }),
    )
})

test('parts of an upload that nobody ends are taken away, since nobody sees them', () => {
  for (const { Properties } of bucketsOf(stacks))
    expect(Properties?.['LifecycleConfiguration']).toMatchObject({
      Rules: expect.arrayContaining([
        expect.objectContaining({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }),
      ]),
    })
})

describe('the export into the archive', () => {
  const inExport = (type: string) => resourcesOf(stacks, type).filter(({ stack }) => stack.includes('-archive-export-'))

  test('writes where RDS may delete, which is never the archive, and what lies there leaves within days', () => {
    const buckets = inExport('AWS::S3::Bucket')
    expect(buckets).toHaveLength(2)
    for (const { Properties } of buckets)
      expect(Properties).toMatchObject({
        LifecycleConfiguration: { Rules: [{ ExpirationInDays: policy.archive.export.stagedDays }] },
      })
    const writers = inExport('AWS::IAM::ManagedPolicy').filter(({ id }) => id.includes('ExportRole'))
    const resources = writers.flatMap((writer) => statementsOf(writer).flatMap(({ Resource }) => [Resource].flat()))
    expect(resources.filter((arn) => /archive-(phi|pii|financial)/.test(JSON.stringify(arn)))).toEqual([])
  })

  test('can add to the archive, and neither delete nor lift a lock', () => {
    const actions = inExport('AWS::IAM::ManagedPolicy')
      .filter(({ id }) => id.includes('Functionsarchiveexport'))
      .flatMap((granted) => statementsOf(granted).flatMap(({ Action }) => [Action].flat()))
    expect(actions).toContain('s3:PutObject')
    expect(actions.filter((action) => /Delete|Bypass|Retention|LegalHold/.test(action))).toEqual([])
  })

  test('hands its role to nobody but the export of RDS', () => {
    const passed = inExport('AWS::IAM::ManagedPolicy').flatMap((granted) =>
      statementsOf(granted).filter(({ Action }) => Action === 'iam:PassRole'),
    )
    expect(passed).toHaveLength(2)
    for (const statement of passed)
      expect(statement).toMatchObject({
        Condition: { StringEquals: { 'iam:PassedToService': 'export.rds.amazonaws.com' } },
      })
  })
})

describe('the dump into the archive', () => {
  const inDump = (type: string, tree = stacks) =>
    resourcesOf(tree, type).filter(({ stack, id }) => stack.includes('-archive-dump-') && id.includes('/Dump'))
  const dump = policy.archive.dump.mode === 'scheduled' ? policy.archive.dump : undefined

  test('runs in each data region, by digest, without privileges, and without a disk to write to', () => {
    const tasks = inDump('AWS::ECS::TaskDefinition')
    expect(tasks).toHaveLength(2)
    for (const { Properties } of tasks)
      expect(Properties).toMatchObject({
        Cpu: String(dump?.cpuUnits),
        ContainerDefinitions: [{ ReadonlyRootFilesystem: true, User: '1000:1000' }],
      })
    expect(JSON.stringify(tasks).split(`@${dump?.image.digest}`)).toHaveLength(3)
    for (const { Properties } of inDump('AWS::ECR::Repository'))
      expect(Properties).toMatchObject({
        ImageTagMutability: 'IMMUTABLE',
        ImageScanningConfiguration: { ScanOnPush: true },
      })
  })

  test('is told the tables of each class, and none that no class archives', () => {
    const [task] = inDump('AWS::ECS::TaskDefinition')
    const [container] = task!.Properties!['ContainerDefinitions'] as {
      Environment: { Name: string; Value: string }[]
    }[]
    const told = container?.Environment.find(({ Name }) => Name === 'ARCHIVE_TABLES')?.Value
    expect(told).toBe(
      'phi=clinic.patients+clinic.appointments+clinic.records+clinic.prescriptions,pii=clinic.consents,financial=clinic.invoices',
    )
    expect(container?.Environment.map(({ Name }) => Name).toSorted()).toEqual([...contract.environment].toSorted())
  })

  test('starts at the time of the policy, is told for which, and is waited for', () => {
    const schedules = inDump('AWS::Scheduler::Schedule')
    expect(schedules).toHaveLength(2)
    for (const { Properties } of schedules)
      expect(Properties).toMatchObject({
        ScheduleExpression: dump?.cron,
        ScheduleExpressionTimezone: policy.backup.schedule.timeZone,
        Target: { Input: '{"scheduledAt":"<aws.scheduler.scheduled-time>"}' },
      })
    for (const machine of inDump('AWS::StepFunctions::StateMachine')) {
      const definition = JSON.stringify(machine.Properties?.['DefinitionString']).replaceAll('\\', '')
      expect(definition).toContain('"Resource":"arn:aws:states:::ecs:runTask.sync"')
      expect(definition).toContain('"Value.$":"$.scheduledAt"')
      expect(definition).toContain(`"TimeoutSeconds":${(dump?.timeoutMinutes ?? 0) * 60}`)
      expect(definition).toContain('"AssignPublicIp":"DISABLED"')
    }
  })

  test('leaves logs, for which the key of its machine lets their delivery in', () => {
    const machines = inDump('AWS::StepFunctions::StateMachine')
    for (const { region, Properties } of machines) {
      const used = /ExportsOutputFnGetAtt(\w+?)Arn[0-9A-F]{8}/.exec(
        JSON.stringify(Properties?.['EncryptionConfiguration']),
      )?.[1]
      const [key, ...more] = resourcesOf(stacks, 'AWS::KMS::Key').filter(
        (one) => one.region === region && used !== undefined && one.id.endsWith(`/${used}`),
      )
      expect(more).toEqual([])
      expect(JSON.stringify(key?.Properties)).toContain('delivery.logs.amazonaws.com')
    }
    expect(machines).toHaveLength(2)
  })

  test('can read the database by one role and add to the archive, and neither delete nor lift a lock', () => {
    const tasks = inDump('AWS::IAM::ManagedPolicy').filter(({ id }) => id.includes('TaskRole'))
    expect(tasks).toHaveLength(2)
    const statements = tasks.flatMap((granted) => statementsOf(granted))
    const actions = statements.flatMap(({ Action }) => [Action].flat())
    expect(actions).toContain('s3:PutObject')
    expect(actions.filter((action) => /Delete|Bypass|Retention|LegalHold/.test(action))).toEqual([])
    const logins = statements.filter(({ Action }) => Action === 'rds-db:connect')
    expect(logins).toHaveLength(2)
    for (const { Resource } of logins) expect(JSON.stringify(Resource)).toContain('/recovery_archive"')
  })

  test('is not there where the policy takes none', () => {
    const reason = 'the database is small enough to be exported as it is'
    const without = synthesize({ ...policy, archive: { ...policy.archive, dump: { mode: 'none', reason } } })
    expect(inDump('AWS::ECS::TaskDefinition', without)).toEqual([])
    expect(JSON.stringify(resourcesOf(without, 'AWS::CloudWatch::Alarm'))).not.toContain('archive-dump-late')
  })
})

describe('the reading back of the archive', () => {
  const inReadBack = (type: string, tree = stacks) =>
    resourcesOf(tree, type).filter(({ stack, id }) => stack.includes('-archive-dump-') && id.includes('/ReadBack'))
  const { readBack } = policy.archive
  const dockerfile = readFileSync(join(__dirname, '../../task/archive-read-back/Dockerfile'), 'utf8')

  test('runs in each data region, by digest, without privileges, and writes to one volume that its image gives to its user', () => {
    const tasks = inReadBack('AWS::ECS::TaskDefinition')
    expect(tasks).toHaveLength(2)
    for (const { Properties } of tasks)
      expect(Properties).toMatchObject({
        Cpu: String(readBack.cpuUnits),
        Memory: String(readBack.memoryMegabytes),
        Volumes: [{ Name: 'scratch' }],
        ContainerDefinitions: [
          {
            ReadonlyRootFilesystem: true,
            User: '1000:1000',
            MountPoints: [{ SourceVolume: 'scratch', ContainerPath: '/scratch', ReadOnly: false }],
          },
        ],
      })
    expect(JSON.stringify(tasks).split(`@${readBack.image.digest}`)).toHaveLength(3)
    for (const line of ['--owner=1000 --group=1000 --mode=0700 /scratch', 'VOLUME ["/scratch"]', 'TMPDIR=/scratch'])
      expect(dockerfile).toContain(line)
  })

  test('is told the buckets, the tables and the forms of the archive, and of no database', () => {
    const [task] = inReadBack('AWS::ECS::TaskDefinition')
    const [container] = task!.Properties!['ContainerDefinitions'] as {
      Environment: { Name: string; Value: string }[]
    }[]
    const told = Object.fromEntries(container!.Environment.map(({ Name, Value }) => [Name, Value]))
    expect(Object.keys(told).toSorted()).toEqual([...readBackContract.environment].toSorted())
    expect(told).toMatchObject({
      ARCHIVE_PARTS: 'dump,export',
      ARCHIVE_TABLES: expect.stringMatching(/^phi=.*,pii=.*,financial=/),
    })
  })

  test('starts each quarter at the time of the policy, and is waited for', () => {
    const schedules = inReadBack('AWS::Scheduler::Schedule')
    expect(schedules).toHaveLength(2)
    for (const { Properties } of schedules)
      expect(Properties).toMatchObject({
        ScheduleExpression: readBack.cron,
        ScheduleExpressionTimezone: policy.backup.schedule.timeZone,
      })
    for (const machine of inReadBack('AWS::StepFunctions::StateMachine')) {
      const definition = JSON.stringify(machine.Properties?.['DefinitionString']).replaceAll('\\', '')
      expect(definition).toContain('"Resource":"arn:aws:states:::ecs:runTask.sync"')
      expect(definition).toContain(`"TimeoutSeconds":${readBack.timeoutMinutes * 60}`)
    }
  })

  test('reads the archive of its region and writes its evidence; it touches no database and opens nothing else', () => {
    const tasks = inReadBack('AWS::IAM::ManagedPolicy').filter(({ id }) => id.includes('TaskRole'))
    expect(tasks).toHaveLength(2)
    for (const { region, ...granted } of tasks) {
      const statements = statementsOf(granted)
      const actionsOn = (pattern: RegExp) =>
        statements
          .filter(({ Resource }) => pattern.test(JSON.stringify(Resource)))
          .flatMap(({ Action }) => [Action].flat())
          .toSorted()
      expect(actionsOn(/-archive-/)).toEqual(['s3:GetObject', 's3:ListBucket'])
      const buckets = JSON.stringify(statements).match(/neonpro-production-[a-z-]+-111122223333-[a-z0-9-]+/g)!
      for (const bucket of buckets) expect(bucket.endsWith(region)).toBe(true)
      // Nothing is encrypted under the key of the archive.
      const [decrypts, ...more] = statements.filter(({ Action }) => Action === 'kms:Decrypt')
      expect(more).toEqual([])
      expect(JSON.stringify(decrypts?.Resource)).toContain('archive')
      expect(new Set(actionsOn(/./))).toEqual(
        new Set(['kms:Decrypt', 'kms:GenerateDataKey', 's3:GetObject', 's3:ListBucket', 's3:PutObject']),
      )
    }
  })

  test('rings in each region whose archive nobody has read, since each has copies of its own', () => {
    const alarms = resourcesOf(stacks, 'AWS::CloudWatch::Alarm').filter(({ Properties }) =>
      String(Properties?.['AlarmName']).includes('archive-unread'),
    )
    expect(alarms.map(({ region }) => region).toSorted()).toEqual(['eu-west-1', 'sa-east-1'])
    for (const { Properties } of alarms)
      expect(Properties).toMatchObject({
        MetricName: 'UnreadArchiveParts',
        Threshold: 0,
        TreatMissingData: 'breaching',
      })
  })

  test('is there in one region, too, and reads exports alone where no dumps are taken', () => {
    const alone = synthesize(PRESETS['brazil-only'])
    const tasks = inReadBack('AWS::ECS::TaskDefinition', alone)
    expect(tasks).toHaveLength(1)
    expect(JSON.stringify(tasks)).toContain('{"Name":"ARCHIVE_PARTS","Value":"export"}')
    expect(JSON.stringify(resourcesOf(alone, 'AWS::CloudWatch::Alarm'))).toContain('archive-unread')
  })
})
