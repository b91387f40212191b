import { STATEFUL } from '../../core/posture/stateful'
import { resourcesOf, type SynthesizedStack } from '../lib/synth'

/** Each rule gives the places that break it; an empty list is what a test asks for. Rules are functions, so that a planted violation can be shown to them. */
export type Rule = (stacks: readonly SynthesizedStack[]) => string[]

type Json = Readonly<Record<string, unknown>>
const properties = (resource: { readonly Properties?: Json }): Json => resource.Properties ?? {}
const text = (value: unknown): string => JSON.stringify(value)

export const retained: Rule = (stacks) =>
  resourcesOf(stacks, ...STATEFUL)
    .filter((r) => r.DeletionPolicy !== 'Retain' || r.UpdateReplacePolicy !== 'Retain')
    .map((r) => r.id)

export const protectedFromDeletion: Rule = (stacks) => [
  ...stacks.filter((s) => !s.terminationProtection).map((s) => s.name),
  ...resourcesOf(stacks, 'AWS::RDS::DBInstance')
    .filter((r) => properties(r)['DeletionProtection'] !== true || properties(r)['DeleteAutomatedBackups'] !== false)
    .map((r) => r.id),
  ...resourcesOf(stacks, 'AWS::DynamoDB::GlobalTable')
    .filter((r) => !text(properties(r)['Replicas'] ?? []).includes('"DeletionProtectionEnabled":true'))
    .map((r) => r.id),
]

/** Buckets that anonymous checkers or log delivery use cannot have a customer key; everything else must. */
export const WITHOUT_CUSTOMER_KEY = /-(switch|access-logs)-\d{12}-/

export const encryptedWithCustomerKey: Rule = (stacks) => [
  ...resourcesOf(stacks, 'AWS::RDS::DBInstance')
    .filter((r) => !properties(r)['KmsKeyId'])
    .map((r) => r.id),
  ...resourcesOf(stacks, 'AWS::S3::Bucket')
    .filter((r) => !WITHOUT_CUSTOMER_KEY.test(String(properties(r)['BucketName'])))
    .filter((r) => !text(properties(r)['BucketEncryption'] ?? '').includes('KMSMasterKeyID'))
    .map((r) => r.id),
  ...resourcesOf(stacks, 'AWS::DynamoDB::GlobalTable')
    .filter((r) => !text(r).includes('KMSMasterKeyId'))
    .map((r) => r.id),
  ...resourcesOf(stacks, 'AWS::Backup::BackupVault')
    .filter((r) => !properties(r)['EncryptionKeyArn'])
    .map((r) => r.id),
  ...resourcesOf(stacks, 'AWS::Logs::LogGroup', 'AWS::SecretsManager::Secret')
    .filter((r) => !properties(r)['KmsKeyId'])
    .map((r) => r.id),
]

export const arm64OnOneRuntime: Rule = (stacks) =>
  resourcesOf(stacks, 'AWS::Lambda::Function')
    .filter((r) => properties(r)['Runtime'] !== 'nodejs24.x' || text(properties(r)['Architectures']) !== '["arm64"]')
    .map((r) => r.id)

export const logsExpire: Rule = (stacks) =>
  resourcesOf(stacks, 'AWS::Logs::LogGroup')
    .filter((r) => !properties(r)['RetentionInDays'])
    .map((r) => r.id)

interface Statement {
  readonly Effect: string
  readonly Action?: string | readonly string[]
  readonly Resource?: unknown
}
const POLICY_OF: Readonly<Record<string, string>> = {
  'AWS::IAM::ManagedPolicy': 'PolicyDocument',
  'AWS::IAM::Policy': 'PolicyDocument',
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::Backup::BackupVault': 'AccessPolicy',
}
const statementsOf = (stacks: readonly SynthesizedStack[], ...types: readonly string[]) =>
  resourcesOf(stacks, ...types).flatMap((r) => {
    const document = properties(r)[POLICY_OF[r.Type] ?? ''] as { readonly Statement: readonly Statement[] } | undefined
    // What allows all but some actions allows everything else, as a star would.
    const actionsOf = ({ Action = '*' }: Statement) => [Action].flat().map(String)
    return [document?.Statement ?? []]
      .flat()
      .map((statement) => ({ id: r.id, statement, actions: actionsOf(statement) }))
  })

export const noWildcardActions: Rule = (stacks) =>
  statementsOf(stacks, ...Object.keys(POLICY_OF)).flatMap(({ id, statement, actions }) =>
    // Denying everything is the one good use of a star.
    statement.Effect === 'Allow' ? actions.filter((a) => a.includes('*')).map((a) => `${id}: ${a}`) : [],
  )

/** Actions that know no resource, each with its service's authorization reference behind it. */
const WITHOUT_RESOURCE =
  /^(backup:(Describe(Backup|Restore)Job|PutRestoreValidationResult|List(Backup|Copy|Restore)Jobs|ListBackupPlans)|cloudformation:ListStacks|cloudtrail:LookupEvents|rds:(DescribeDBSnapshots|DescribeExportTasks|StartExportTask)|iam:(GenerateCredentialReport|GetCredentialReport|(Get|Update)AccountPasswordPolicy)|cloudwatch:GetMetric(Data|Statistics)|ecr:GetAuthorizationToken|kms:ListAliases|s3:ListAllMyBuckets|states:ListStateMachines|xray:(Get|Put)\w+|ec2:((Una|A)ssignPrivateIpAddresses|(Create|Delete)NetworkInterface|Describe(NetworkInterface|Subnet)s)|logs:(Create|Delete|Get|Update)LogDelivery|logs:ListLogDeliveries|logs:Describe\w+|logs:PutResourcePolicy)$/

export const wildcardResourcesOnlyWhereUnavoidable: Rule = (stacks) =>
  statementsOf(stacks, 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy').flatMap(({ id, statement, actions }) =>
    [statement.Resource].flat().includes('*')
      ? actions.filter((a) => !WITHOUT_RESOURCE.test(a)).map((a) => `${id}: ${a}`)
      : [],
  )

export const rolesCarryTheirRegion: Rule = (stacks) =>
  resourcesOf(stacks, 'AWS::IAM::Role')
    .filter((r) => !String(properties(r)['RoleName']).includes(r.region))
    .map((r) => r.id)

/** Draws the metrics of the alarms beside it in one long text; the alarms themselves are looked through. */
const DASHBOARD = 'AWS::CloudWatch::Dashboard'

/** Values of another region, found in the text of each template. */
export function crossRegionValues(stacks: readonly SynthesizedStack[]): string[] {
  const regions = new Set(stacks.map((s) => s.region))
  const found = new Set<string>()
  for (const stack of stacks)
    for (const value of stringsIn(Object.values(stack.template.Resources).filter(({ Type }) => Type !== DASHBOARD)))
      for (const region of regions) if (region !== stack.region && value.includes(region)) found.add(value)
  return [...found].toSorted()
}

function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) yield* stringsIn(inner)
}

export const noCrossRegionReferences: Rule = (stacks) => {
  const exportsOf = new Map<string, string>()
  for (const stack of stacks)
    for (const output of Object.values((stack.template.Outputs ?? {}) as Record<string, { Export?: { Name: string } }>))
      if (output.Export) exportsOf.set(output.Export.Name, stack.region)
  return stacks.flatMap((stack) => {
    const all = text(stack.template)
    const imports = [...all.matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map((m) => m[1] ?? '')
    return [
      ...['Fn::GetStackOutput', 'CrossRegionExport']
        .filter((word) => all.includes(word))
        .map((w) => `${stack.name}: ${w}`),
      ...imports.filter((name) => exportsOf.get(name) !== stack.region).map((name) => `${stack.name}: imports ${name}`),
    ]
  })
}

/**
 * Stacks that a deployment would make wait for one of another region, but for those that are listed: they order a deployment of
 * all regions, and `--exclusively` leaves them out, so that each region deploys while all others are dark.
 */
export const deploysAlone =
  (ordered: readonly (readonly [later: string, earlier: string])[]): Rule =>
  (stacks) => {
    const regionOf = new Map(stacks.map((s) => [s.name, s.region]))
    return stacks.flatMap((s) =>
      s.dependencies
        .filter((d) => regionOf.has(d) && regionOf.get(d) !== s.region)
        .filter((d) => !ordered.some(([later, earlier]) => later === s.name && earlier === d))
        .map((d) => `${s.name} waits for ${d} in ${regionOf.get(d)}`),
    )
  }

/** Writers of a stack that the backup plans of its region do not select by name. */
export const writerIsSelected =
  (region: string, writerStack: string): Rule =>
  (stacks) => {
    const selections = resourcesOf(stacks, 'AWS::Backup::BackupSelection').filter((r) => r.region === region)
    return resourcesOf(stacks, 'AWS::RDS::DBInstance')
      .filter((r) => r.stack === writerStack)
      .filter((r) => !text(selections).includes(`:db:${String(properties(r)['DBInstanceIdentifier'])}"`))
      .map((r) => r.id)
  }

/** Logical ids of what holds data, by stack. */
export const statefulIds = (stacks: readonly SynthesizedStack[]): Record<string, string> =>
  Object.fromEntries(
    resourcesOf(stacks, ...STATEFUL)
      .map((r): [string, string] => [r.id, r.Type])
      .toSorted(([a], [b]) => a.localeCompare(b)),
  )

/** What a stack refers to, in the same stack or by the export of another one of its region. */
function referred(
  stacks: readonly SynthesizedStack[],
  stack: string,
  value: unknown,
): { readonly id: string; readonly Type: string; readonly Properties?: Json } | undefined {
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported } = (value ?? {}) as Record<string, unknown>
  if (typeof imported === 'string') {
    for (const other of stacks)
      for (const output of Object.values((other.template.Outputs ?? {}) as Record<string, Record<string, unknown>>))
        if ((output['Export'] as { Name?: string } | undefined)?.Name === imported)
          return referred(stacks, other.name, output['Value'])
    return undefined
  }
  const logicalId = typeof Ref === 'string' ? Ref : [attribute].flat()[0]
  const resource = stacks.find(({ name }) => name === stack)?.template.Resources[String(logicalId)]
  return resource && { id: `${stack}/${String(logicalId)}`, ...resource }
}

interface Allowing {
  readonly Effect: string
  readonly Principal?: { readonly Service?: string | readonly string[] }
  readonly Action: string | readonly string[]
  readonly Condition?: Json
}
/** Allowing statements of a document for a service and all of some actions. */
const letting = (document: unknown, service: string, ...actions: readonly string[]): Allowing[] =>
  ((document as { Statement?: readonly Allowing[] } | undefined)?.Statement ?? []).filter(
    ({ Effect, Principal, Action }) =>
      Effect === 'Allow' &&
      [Principal?.Service].flat().includes(service) &&
      actions.every((action) => [Action].flat().includes(action)),
  )

/**
 * What keeps a service from sending into a topic or a queue. A document of our own takes the place of the one that SNS and
 * SQS give, so that it has to let the service in, for this account alone; and so has the key. EventBridge tells KMS no account
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html), so that the key may ask it for none.
 */
function keptFromSending(
  stacks: readonly SynthesizedStack[],
  stack: string,
  target: ReturnType<typeof referred>,
  service: 'cloudwatch.amazonaws.com' | 'events.amazonaws.com',
): string[] {
  if (!target) return ['no target']
  const [documents, attached, action] =
    target.Type === 'AWS::SNS::Topic'
      ? (['AWS::SNS::TopicPolicy', 'Topics', 'sns:Publish'] as const)
      : (['AWS::SQS::QueuePolicy', 'Queues', 'sqs:SendMessage'] as const)
  const own = resourcesOf(stacks, documents).filter((policy) =>
    (properties(policy)[attached] as unknown[]).some((to) => referred(stacks, policy.stack, to)?.id === target.id),
  )
  const allowed = own.flatMap((policy) => letting(properties(policy)['PolicyDocument'], service, action))
  const home = target.id.split('/')[0] ?? stack
  const key = referred(stacks, home, properties(target)['KmsMasterKeyId'])
  const usable = letting(key && properties(key)['KeyPolicy'], service, 'kms:Decrypt', 'kms:GenerateDataKey')
  const asked =
    service === 'events.amazonaws.com' && usable.every(({ Condition }) => text(Condition ?? {}).includes('aws:Source'))
  return [
    ...(allowed.some(({ Condition }) => text(Condition ?? {}).includes('aws:SourceAccount')) ? [] : ['its policy']),
    ...(usable.length > 0 && !asked ? [] : ['its key']),
  ].map((by) => `${target.id} does not let ${service} in by ${by}`)
}

/** Alarms that reach nobody. */
export const alarmsPage: Rule = (stacks) =>
  resourcesOf(stacks, 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm').flatMap((alarm) => {
    const actions = (properties(alarm)['AlarmActions'] ?? []) as unknown[]
    if (actions.length === 0) return [`${alarm.id} has no action`]
    return actions.flatMap((action) =>
      keptFromSending(stacks, alarm.stack, referred(stacks, alarm.stack, action), 'cloudwatch.amazonaws.com'),
    )
  })

interface RuleTarget {
  readonly Id: string
  readonly Arn: unknown
  readonly RoleArn?: unknown
  readonly DeadLetterConfig?: { readonly Arn: unknown }
}
/** Events that a rule cannot hand on: to a topic, a queue or a function that does not let it, or into dead letters that do not. */
export const eventsArrive: Rule = (stacks) => {
  const permissions = resourcesOf(stacks, 'AWS::Lambda::Permission').filter(
    (permission) => properties(permission)['Principal'] === 'events.amazonaws.com',
  )
  return resourcesOf(stacks, 'AWS::Events::Rule').flatMap((rule) =>
    ((properties(rule)['Targets'] ?? []) as RuleTarget[]).flatMap(({ Id, Arn, DeadLetterConfig }) => {
      const target = referred(stacks, rule.stack, Arn)
      const invoked =
        target?.Type !== 'AWS::Lambda::Function' ||
        permissions.some(
          (permission) =>
            referred(stacks, permission.stack, properties(permission)['FunctionName'])?.id === target.id &&
            referred(stacks, permission.stack, properties(permission)['SourceArn'])?.id === rule.id,
        )
      return [
        ...(invoked ? [] : [`${rule.id}: ${Id} may not be invoked`]),
        ...(target && /::(Topic|Queue)$/.test(target.Type)
          ? keptFromSending(stacks, rule.stack, target, 'events.amazonaws.com')
          : []),
        ...(DeadLetterConfig
          ? keptFromSending(
              stacks,
              rule.stack,
              referred(stacks, rule.stack, DeadLetterConfig.Arn),
              'events.amazonaws.com',
            )
          : []),
      ]
    }),
  )
}

/** Functions that an event starts, which comes once, and that give up at the first attempt. */
export const eventsAreTriedAgain: Rule = (stacks) => {
  const started = new Set(
    resourcesOf(stacks, 'AWS::Events::Rule').flatMap((rule) =>
      ((properties(rule)['Targets'] ?? []) as RuleTarget[]).flatMap(({ Arn }) => {
        const target = referred(stacks, rule.stack, Arn)
        return target?.Type === 'AWS::Lambda::Function' ? [target.id] : []
      }),
    ),
  )
  const tried = resourcesOf(stacks, 'AWS::Lambda::EventInvokeConfig')
    .filter((config) => Number(properties(config)['MaximumRetryAttempts']) > 0)
    .map((config) => referred(stacks, config.stack, properties(config)['FunctionName'])?.id)
  return [...started].filter((id) => !tried.includes(id))
}
