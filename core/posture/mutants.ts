import { isJsonObject, type Json } from '../json'
import type { Resource } from './assembly'
import { isReference } from './differences'
import { STATEFUL } from './stateful'

/** What is done to a value. With the type and the place it is the kind of a mutant, which a reason speaks of. */
export type Change =
  | 'is removed'
  | 'is left out'
  | 'is another'
  | 'is one less'
  | 'is one more'
  | 'is turned'
  | 'has an entry more'
  | 'is open to all'

/** A value with one thing in it changed. */
export interface Changed {
  /** Where, with `*` for each entry of a list, and `[Allow]` or `[Deny]` for a statement. */
  readonly path: string
  readonly change: Change
  readonly value: Json
}

/** A resource with one thing made worse. */
export interface Mutant {
  /** Where, with `*` for each entry of a list; `*` alone for the resource as a whole. */
  readonly path: string
  readonly change: Change
  /** Undefined: removed. */
  readonly resource: Resource | undefined
}

/**
 * Every change of one thing in one resource: removed; kept no more by its stack; and at each place of its properties, as
 * deep as they go, the value left out, another one, a little less and more, turned, with an entry more, open to all.
 */
export const mutantsOf = (resource: Resource): Mutant[] => [
  { path: '*', change: 'is removed', resource: undefined },
  { path: 'Condition', change: 'is another', resource: { ...resource, Condition: 'Never' } },
  ...letGo(resource),
  ...expiring(resource),
  ...changesIn(resource.Properties ?? {}).map(({ path, change, value }) => ({
    path,
    change,
    resource: isJsonObject(value) ? { ...resource, Properties: value } : resource,
  })),
]

/** Every change of one thing in a value, as deep as it goes. What CloudFormation resolves later is one thing. */
export const changesIn = (value: Json): Changed[] => [...within(value, '')]

function* within(value: Json, path: string): Generator<Changed> {
  if (Array.isArray(value)) yield* withinList(value, path)
  else if (isJsonObject(value) && !isReference(value)) yield* withinObject(value, path)
  else yield* ofLeaf(value, path)
}

function* withinList(list: readonly Json[], path: string): Generator<Changed> {
  for (const [at, entry] of list.entries()) {
    const place = `${path}.${stepOf(entry)}`
    yield { path: place, change: 'is left out', value: list.filter((_, other) => other !== at) }
    for (const inner of within(entry, place)) yield { ...inner, value: list.with(at, inner.value) }
  }
  yield { path, change: 'has an entry more', value: [...list, entryLike(list[0])] }
}

function* withinObject(held: { readonly [name: string]: Json }, path: string): Generator<Changed> {
  for (const [name, inner] of Object.entries(held)) {
    const place = path === '' ? name : `${path}.${name}`
    const { [name]: _, ...rest } = held
    yield { path: place, change: 'is left out', value: rest }
    for (const changed of within(inner, place)) yield { ...changed, value: { ...held, [name]: changed.value } }
    if (isStatement(held) && OPENABLE.has(name) && inner !== '*')
      yield { path: place, change: 'is open to all', value: { ...held, [name]: '*' } }
  }
}

function* ofLeaf(value: Json, path: string): Generator<Changed> {
  if (typeof value === 'boolean') yield { path, change: 'is turned', value: !value }
  else if (typeof value === 'number') {
    yield { path, change: 'is one less', value: value - 1 }
    yield { path, change: 'is one more', value: value + 1 }
  } else yield { path, change: 'is another', value: 'something else' }
}

/** What widens the statement of a policy; a statement without one of them is widened by leaving out the others. */
const OPENABLE = new Set(['Action', 'Resource', 'Principal'])
const isStatement = (held: { readonly [name: string]: Json }): boolean => 'Effect' in held

/** What a list would be given by whoever opens it. */
const entryLike = (entry: Json | undefined): Json => {
  if (!isJsonObject(entry) || isReference(entry)) return '*'
  return isStatement(entry)
    ? { Effect: 'Allow', Action: '*', Resource: '*', Principal: '*' }
    : { CidrIp: '0.0.0.0/0', Name: 'something else' }
}

/** What a statement allows is another kind of thing than what it denies: less of it is better. */
const stepOf = (entry: Json): string =>
  isJsonObject(entry) && typeof entry['Effect'] === 'string' ? `[${entry['Effect']}]` : '*'

const letGo = (resource: Resource): Mutant[] =>
  STATEFUL.includes(resource.Type) || resource.DeletionPolicy === 'Retain'
    ? (['DeletionPolicy', 'UpdateReplacePolicy'] as const).map((path) => ({
        path,
        change: 'is another',
        resource: { ...resource, [path]: 'Delete' },
      }))
    : []

/** Files that nothing ended yet, or later. */
function expiring(resource: Resource): Mutant[] {
  if (resource.Type !== 'AWS::S3::Bucket') return []
  const { LifecycleConfiguration } = resource.Properties ?? {}
  const { Rules } = isJsonObject(LifecycleConfiguration) ? LifecycleConfiguration : { Rules: [] }
  const rules = [...(Array.isArray(Rules) ? Rules : []), { Id: 'all', Status: 'Enabled', ExpirationInDays: 1 }]
  const Properties = { ...resource.Properties, LifecycleConfiguration: { Rules: rules } }
  return [
    {
      path: 'LifecycleConfiguration.Rules',
      change: 'has an entry more',
      resource: { ...resource, Properties },
    },
  ]
}

/** Resources that nobody asked for, each of which opens something by being there. */
export const UNASKED: Readonly<Record<string, Resource>> = {
  'a role that everybody may take': {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' }] },
    },
  },
  'a right to end recovery points': {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'backup:DeleteRecoveryPoint', Resource: 'a' }] },
    },
  },
  'the same inside a role': {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'backup:DeleteRecoveryPoint', Resource: 'a' }] },
    },
  },
  'a way in from everywhere': { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { CidrIp: '0.0.0.0/0' } },
  'a group that lets everything in': {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { SecurityGroupIngress: [{ CidrIp: '0.0.0.0/0' }] },
  },
  'a group without rules for what goes out, so that AWS lets out everything': {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { SecurityGroupEgress: [] },
  },
  'a route to the internet': {
    Type: 'AWS::EC2::Route',
    Properties: { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' },
  },
  'a function that another account calls': {
    Type: 'AWS::Lambda::Permission',
    Properties: { Action: 'lambda:InvokeFunction', Principal: '999999999999' },
  },
  'an address that everybody calls': { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE' } },
  'a bucket that everybody reads': {
    Type: 'AWS::S3::BucketPolicy',
    Properties: { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Principal: '*' }] } },
  },
  'a secret that everybody reads': {
    Type: 'AWS::SecretsManager::ResourcePolicy',
    Properties: {
      ResourcePolicy: { Statement: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Principal: '*' }] },
    },
  },
  'a bus that everybody writes to': {
    Type: 'AWS::Events::EventBusPolicy',
    Properties: { Statement: { Effect: 'Allow', Action: 'events:PutEvents', Principal: '*' } },
  },
  'a user with a key': { Type: 'AWS::IAM::AccessKey', Properties: { UserName: 'somebody' } },
  'a database on the internet': { Type: 'AWS::RDS::DBInstance', Properties: { PubliclyAccessible: true } },
}
