import { isJsonObject, type Json } from '../json'
import type { Policy } from '../policy'
import { RUNBOOKS } from '../runbook/runbooks'
import type { Resource, StackTemplate } from './assembly'
import { textOf } from './text-of'
import { valuesAt, type Found } from './values-at'

/** Data that a resource sends from one region to another, or reads there. */
export interface TemplateFlow {
  /** Of the register of transfers; the name of the thing reached where the register knows nothing like it. */
  readonly flow: string
  readonly from: string
  readonly to: string
  /** `stack/logical id` of the resource that makes it. */
  readonly by: string
}

/** What the templates are read with. */
interface Reading {
  readonly stacks: readonly StackTemplate[]
  /** Region of each bucket: its ARN names none. */
  readonly bucketRegions: ReadonlyMap<string, string>
  /** Where data is born, and code is pushed from. */
  readonly home: string
}

interface Held {
  readonly region: string
  readonly resource: Resource
}
type Way = Omit<TemplateFlow, 'by'>
type WaysOf = (held: Held, reading: Reading) => readonly Way[]

/** Every flow between two regions that the resources of the templates make, by what they declare and by what they may do. */
export function templateFlows(stacks: readonly StackTemplate[], home: string): TemplateFlow[] {
  const reading = { stacks, bucketRegions: regionsOfBuckets(stacks), home }
  return stacks.flatMap(({ stack, region, resources }) =>
    Object.entries(resources).flatMap(([id, resource]) =>
      (MECHANISMS[resource.Type] ?? nothing)({ region, resource }, reading)
        .filter(({ from, to }) => from !== to)
        .map((way) => ({ ...way, by: `${stack}/${id}` })),
    ),
  )
}

/** What the templates send and the register does not list, and what it lists and nothing sends, each in a sentence. */
export function registerGaps(flows: readonly TemplateFlow[], transfers: Policy['transfers']): string[] {
  const unlisted = flows.filter((flow) => !transfers.some((transfer) => matches(flow, transfer)))
  const unmade = transfers.filter((transfer) => !flows.some((flow) => matches(flow, transfer)))
  return [
    ...unlisted.map(({ flow, from, to, by }) => `${by} sends ${flow} from ${from} to ${to}, which no transfer lists`),
    ...unmade.map(({ flow, from, to }) => `the transfer of ${flow} from ${from} to ${to} is made by no resource`),
  ]
}

const matches = (a: Way, b: Way): boolean => a.flow === b.flow && a.from === b.from && a.to === b.to

/** A place that nobody could look up is a gap in the register, not a place without data. */
const UNKNOWN = 'a region unknown'

const nothing: WaysOf = () => []

const regionsOfBuckets = (stacks: readonly StackTemplate[]) =>
  new Map(
    stacks.flatMap(({ region, resources }) =>
      Object.values(resources)
        .filter(({ Type }) => Type === 'AWS::S3::Bucket')
        .map(({ Properties }) => [textOf(Properties?.['BucketName']), region] as const),
    ),
  )

const database: WaysOf = ({ region, resource: { Properties } }) => [
  ...textsAt(Properties, 'SourceDBInstanceIdentifier').flatMap((source) => {
    const from = regionOfArn(source)
    return from === undefined ? [] : [{ flow: 'database-replica', from, to: region }]
  }),
  ...textsAt(Properties, 'AutomaticBackupReplicationRegion').map((to) => ({
    flow: 'point-in-time-logs',
    from: region,
    to,
  })),
]

const backupPlan: WaysOf = ({ region, resource: { Properties } }) =>
  textsAt(Properties, 'BackupPlan.BackupPlanRule.*.CopyActions.*.DestinationBackupVaultArn').flatMap((vault) => {
    const to = regionOfArn(vault)
    return to === undefined ? [] : [{ flow: 'backup-copies', from: region, to }]
  })

const bucket: WaysOf = ({ region, resource: { Properties } }, { bucketRegions, home }) => {
  const name = textOf(Properties?.['BucketName'])
  // Nothing of AWS sends code: whoever builds it pushes it to both regions.
  const pushed = flowOfBucket(name) === 'code' ? [{ flow: 'code', from: home, to: region }] : []
  const copied = textsAt(Properties, 'ReplicationConfiguration.Rules.*.Destination.Bucket').map((arn) => ({
    flow: flowOfBucket(name),
    from: region,
    to: bucketRegions.get(bucketOfArn(arn)) ?? UNKNOWN,
  }))
  return [...pushed, ...copied]
}

const secret: WaysOf = ({ region, resource: { Properties } }) =>
  textsAt(Properties, 'ReplicaRegions.*.Region').map((to) => ({ flow: 'configuration', from: region, to }))

const table: WaysOf = ({ region, resource: { Properties } }) =>
  textsAt(Properties, 'Replicas.*.Region').map((to) => ({
    flow: flowOfTable(textOf(Properties?.['TableName'])),
    from: region,
    to,
  }))

/** A trail of all regions gathers what happens in each in which something of ours stands. */
const trail: WaysOf = ({ region, resource: { Properties } }, { stacks }) =>
  Properties?.['IsMultiRegionTrail'] === true
    ? [...new Set(stacks.map((stack) => stack.region))].map((from) => ({ flow: 'audit-trail', from, to: region }))
    : []

/** Whoever may do something in another region sends there; whoever may read data there brings it here. */
const permissions: WaysOf = ({ region, resource }, { bucketRegions, stacks }) =>
  // A person is in no region: what people may see is held by the separation of their roles.
  onlyForPeople(resource, stacks) ? [] : waysOf(region, valuesAt(resource.Properties, 'PolicyDocument'), bucketRegions)

/** What a role may do by itself. */
const role: WaysOf = ({ region, resource: { Properties } }, { bucketRegions }) =>
  takenByService(Properties) ? waysOf(region, valuesAt(Properties, 'Policies.*.PolicyDocument'), bucketRegions) : []

/** Whether a policy belongs to roles that no service takes. */
function onlyForPeople({ Properties }: Resource, stacks: Reading['stacks']): boolean {
  const roles = valuesAt(Properties, 'Roles.*.Ref').flatMap(({ value }) =>
    stacks.flatMap(({ resources }) => (typeof value === 'string' && resources[value] ? [resources[value]] : [])),
  )
  return roles.length > 0 && roles.every(({ Properties: held }) => !takenByService(held))
}

const takenByService = (held: Resource['Properties']): boolean =>
  valuesAt(held, 'AssumeRolePolicyDocument.Statement.*.Principal.Service').length > 0

const waysOf = (region: string, documents: readonly Found[], bucketRegions: Reading['bucketRegions']): Way[] =>
  documents
    .flatMap(({ value }) => valuesAt(value, 'Statement.*'))
    .flatMap(({ value }) => {
      if (!isJsonObject(value) || value['Effect'] !== 'Allow') return []
      const actions = listOf(value['Action']).filter((action) => !SENDS_NOTHING.test(action))
      return listOf(value['Resource']).flatMap((arn) =>
        actions.flatMap((action): Way[] => {
          const place = placeOf(arn, action, bucketRegions)
          if (!place || place.region === region) return []
          const [from, to] = READS.test(action) ? [place.region, region] : [region, place.region]
          return [{ flow: place.flow, from, to }]
        }),
      )
    })

/** Reads that bring data. Whatever is neither one of these nor sends nothing, sends. */
const READS =
  /^(dynamodb:(GetItem|BatchGetItem|TransactGetItems|Query|Scan|PartiQLSelect)|s3:GetObject\w*|secretsmanager:(GetSecretValue|BatchGetSecretValue)|ssm:GetParameter\w*|kinesis:GetRecords|sqs:ReceiveMessage|logs:(GetLogEvents|FilterLogEvents|GetQueryResults)|states:GetExecutionHistory)$/

/**
 * What tells of a thing without its data, ends it, or handles the key that data is encrypted with and never the data; and
 * what the services behind it send by an action of their own, which is judged by itself.
 */
const SENDS_NOTHING =
  /^(\w[\w-]*:(Describe|List|Head)\w*|s3:(GetBucket\w+|GetEncryptionConfiguration|GetLifecycleConfiguration|GetReplicationConfiguration|AbortMultipartUpload)|kms:\w+|iam:PassRole|sts:(AssumeRole|TagSession)|dynamodb:(ConditionCheckItem|DeleteItem)|cloudformation:GetTemplate|cloudwatch:Get\w+|backup:Get\w+|lambda:Get\w+|rds:(ListTagsForResource))$/

/** Services whose ARNs name no region because they have none: what is written there is configuration, never data. */
const GLOBAL = new Set(['iam', 'sts', 'route53', 'cloudfront', 'organizations'])

function placeOf(arn: string, action: string, bucketRegions: Reading['bucketRegions']) {
  // A bare star is held by an invariant of its own, with the list of actions that know no resource.
  // What begins with a reference stands in the same region: no stack reads another one at deploy time.
  if (arn === '*' || arn.startsWith('?')) return undefined
  const [, , service = '', region = '', , ...rest] = arn.split(':')
  const name = rest.join(':')
  if (service === 's3') {
    const bucketName = bucketOfArn(arn)
    return { flow: flowOfBucket(bucketName), region: regionOfBucket(bucketName, bucketRegions) }
  }
  if (GLOBAL.has(service)) return undefined
  if (service === '') return { flow: `${action} of ${arn}`, region: UNKNOWN }
  if (region === '' || region === '*' || region === '?') return { flow: `${service} ${name}`, region: UNKNOWN }
  if (service === 'dynamodb') return { flow: flowOfTable(name.replace(/^table\//, '').split('/')[0] ?? ''), region }
  if (service === 'events') return { flow: 'event-notifications', region }
  if (service === 'backup' && name.startsWith('backup-vault:')) return { flow: 'backup-copies', region }
  // Functions of ours are called abroad to fence, cut off, observe, hash what a replica is compared with, tell which versions are
  // in force and judge controls: verdicts, hashes and numbers of versions, no data of anybody. Runs are started
  // there: what coordinates.
  if (
    service === 'lambda' &&
    /-(compliance-validation|containment|content-reader|fence|probe|release-reader|replica-observer)(:|$)/.test(name)
  )
    return { flow: 'coordination', region }
  if (service === 'states' && RUNBOOK_MACHINE.test(name)) return { flow: 'coordination', region }
  if (service === 'lambda' && /-configuration-restore(:|$)/.test(name)) return { flow: 'configuration', region }
  return { flow: `${service} ${name}`, region }
}

/** A run is ids, codes and numbers of the policy. */
const RUNBOOK_MACHINE = new RegExp(`^stateMachine:.*-(${Object.keys(RUNBOOKS).join('|')})$`)

const escaped = (text: string): string => text.replaceAll(/[^\w-]/g, String.raw`\$&`)

/** Where a bucket stands, or all of those that a pattern means: one region, or nobody knows. */
function regionOfBucket(name: string, bucketRegions: Reading['bucketRegions']): string {
  if (!name.includes('*')) return bucketRegions.get(name) ?? UNKNOWN
  const meant = new RegExp(`^${name.split('*').map(escaped).join('.*')}$`)
  const regions = new Set([...bucketRegions].filter(([known]) => meant.test(known)).map(([, region]) => region))
  const [only = UNKNOWN] = regions
  return regions.size === 1 ? only : UNKNOWN
}

/** Kind of a bucket, which its name carries before the account. */
function flowOfBucket(name: string): string {
  const kind = /-(evidence|switch|assets|code|configuration|file-transfer|archive-[a-z]+|trail|audit)-\d{12}-/.exec(
    name,
  )?.[1]
  if (kind === undefined) return `bucket ${name}`
  if (kind.startsWith('archive-')) return 'archive'
  return (
    { switch: 'coordination', 'file-transfer': 'partner-files', trail: 'audit-trail', audit: 'audit-trail' }[kind] ??
    kind
  )
}

const flowOfTable = (name: string): string => (name.endsWith('-coordination') ? 'coordination' : `table ${name}`)

const MECHANISMS: Readonly<Record<string, WaysOf>> = {
  'AWS::RDS::DBInstance': database,
  'AWS::Backup::BackupPlan': backupPlan,
  'AWS::S3::Bucket': bucket,
  'AWS::SecretsManager::Secret': secret,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::CloudTrail::Trail': trail,
  'AWS::IAM::ManagedPolicy': permissions,
  'AWS::IAM::Policy': permissions,
  'AWS::IAM::Role': role,
}

const textsAt = (value: Json | undefined, path: string): string[] =>
  valuesAt(value, path).flatMap((found) => textOf(found.value) || [])
const listOf = (value: Json | undefined): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((entry: Json | undefined) => textOf(entry) || [])
const regionOfArn = (arn: string): string | undefined => arn.split(':')[3]
const bucketOfArn = (arn: string): string => arn.split(':::')[1]?.split('/')[0] ?? ''
