import { isJsonObject, type Json } from '../json'
import type { Expiry, Protection } from '../ports/compliance'
import { scope, soonest } from './expiry'
import type { Assembly, Resource, StackTemplate } from '../posture/assembly'
import { PUBLIC_SWITCHES } from './template-form'

/**
 * What the templates declare of every thing whose protection can be looked up in an account. A thing without a name of its
 * own is left out: nobody could say which one of the account it is.
 */
export const declaredIn = (assembly: Assembly): Protection[] => declaredAt(assembly).map(({ declared }) => declared)

/** A protection and its place: the resource of a template that declares it. */
export interface DeclaredAt {
  readonly stack: string
  readonly id: string
  readonly declared: Protection
}

/** The same, each with its place. */
export const declaredAt = ({ stacks }: Assembly): DeclaredAt[] =>
  stacks.flatMap((stack) =>
    Object.entries(stack.resources).flatMap(([id, resource]) =>
      ofResource(stack, resource).map((declared) => ({
        stack: stack.stack,
        // A key goes by its alias, and is declared by the resource behind that.
        id: declared.kind === 'key' ? (referredId(resource.Properties?.['TargetKeyId']) ?? id) : id,
        declared,
      })),
    ),
  )

/** The key that encrypts the databases of each region, by its alias: a snapshot has to have the same. */
export function keysOfCopies({ stacks }: Assembly): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const { region, resources } of stacks)
    for (const { Type, Properties = {} } of Object.values(resources)) {
      const alias = textIn(Properties, 'AliasName')
      if (Type === 'AWS::KMS::Alias' && alias?.endsWith(DATABASE_KEY)) found.set(region, alias)
    }
  return found
}

/** Last part of the alias of the key that encrypts databases. */
const DATABASE_KEY = '/database'

type Properties = { readonly [name: string]: Json }
type Read = (properties: Properties, stack: StackTemplate) => Protection[]

const ofResource = (stack: StackTemplate, { Type, Properties = {} }: Resource): Protection[] =>
  READ[Type]?.(Properties, stack) ?? []

const READ: Readonly<Record<string, Read>> = {
  'AWS::S3::Bucket': (properties, { region }) => {
    const block = objectIn(properties, 'PublicAccessBlockConfiguration')
    return named(properties, 'BucketName', (name) => ({
      kind: 'bucket',
      region,
      name,
      refusesPublic: PUBLIC_SWITCHES.every((one) => block[one] === true),
      ends: soonest(
        listIn(objectIn(properties, 'LifecycleConfiguration'), 'Rules').map((rule) => [scopeOf(rule), expiryOf(rule)]),
      ),
    }))
  },
  'AWS::Backup::BackupVault': (properties, { region }) => {
    const { MinRetentionDays: minDays, MaxRetentionDays: maxDays } = objectIn(properties, 'LockConfiguration')
    return named(properties, 'BackupVaultName', (name) => ({
      kind: 'vault',
      region,
      name,
      lock: typeof minDays === 'number' && typeof maxDays === 'number' ? { minDays, maxDays } : null,
    }))
  },
  'AWS::Backup::BackupPlan': (properties, { region }) => {
    const plan = objectIn(properties, 'BackupPlan')
    return named(plan, 'BackupPlanName', (name) => ({
      kind: 'backup-plan',
      region,
      name,
      keepsDays: Object.fromEntries(
        listIn(plan, 'BackupPlanRule').flatMap((rule) => {
          const days = objectIn(rule, 'Lifecycle')['DeleteAfterDays']
          return typeof days === 'number' ? [[textIn(rule, 'RuleName') ?? '', days]] : []
        }),
      ),
    }))
  },
  'AWS::Backup::BackupSelection': (properties, stack) => {
    const selection = objectIn(properties, 'BackupSelection')
    // What only CloudFormation resolves, such as the bucket of another stack, nobody could select again from here.
    if (itemsIn(selection, 'Resources').some((one) => typeof one !== 'string')) return []
    const plan = namedBy(stack, properties['BackupPlanId'], (held) => objectIn(held, 'BackupPlan'), 'BackupPlanName')
    const role = namedBy(stack, selection['IamRoleArn'], (held) => held, 'RoleName')
    if (plan === undefined || role === undefined) return []
    return named(selection, 'SelectionName', (name) => ({
      kind: 'backup-selection',
      region: stack.region,
      name: `${plan}/${name}`,
      plan,
      role,
      resources: textsIn(selection, 'Resources'),
      tags: listIn(selection, 'ListOfTags').map((tag) => ({
        key: textIn(tag, 'ConditionKey') ?? '',
        value: textIn(tag, 'ConditionValue') ?? '',
      })),
    }))
  },
  'AWS::RDS::DBInstance': (properties, { region }) =>
    named(properties, 'DBInstanceIdentifier', (name) => ({
      kind: 'database',
      region,
      name,
      refusesDeletion: properties['DeletionProtection'] === true,
    })),
  'AWS::Logs::LogGroup': (properties, { region }) => {
    const { RetentionInDays: days } = properties
    return named(properties, 'LogGroupName', (name) => ({
      kind: 'log-group',
      region,
      name,
      keepsDays: typeof days === 'number' ? days : null,
    }))
  },
  'AWS::KMS::Alias': (properties, stack) => {
    const key = referred(stack, properties['TargetKeyId'])
    // A key that signs is never rotated by AWS: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
    if (key?.Properties?.['EnableKeyRotation'] !== true) return []
    return named(properties, 'AliasName', (name) => ({ kind: 'key', region: stack.region, name, rotates: true }))
  },
  'AWS::CloudTrail::Trail': (properties, { region }) =>
    named(properties, 'TrailName', (name) => ({
      kind: 'trail',
      region,
      name,
      records: properties['IsLogging'] === true,
    })),
}

const named = (properties: Properties, property: string, as: (name: string) => Protection): Protection[] => {
  const name = textIn(properties, property)
  return name === undefined ? [] : [as(name)]
}

/** The resource of the same stack that a reference means. */
function referred({ resources }: StackTemplate, reference: Json | undefined): Resource | undefined {
  const id = referredId(reference)
  return id === undefined ? undefined : resources[id]
}

function referredId(reference: Json | undefined): string | undefined {
  if (!isJsonObject(reference)) return undefined
  const { Ref: ref, 'Fn::GetAtt': attribute } = reference
  const id = Array.isArray(attribute) ? (attribute as readonly Json[])[0] : ref
  return typeof id === 'string' ? id : undefined
}

const namedBy = (
  stack: StackTemplate,
  reference: Json | undefined,
  within: (properties: Properties) => Properties,
  property: string,
): string | undefined => {
  const held = referred(stack, reference)
  return held && textIn(within(held.Properties ?? {}), property)
}

const scopeOf = (rule: Properties): string =>
  scope(
    textIn(rule, 'Prefix'),
    listIn(rule, 'TagFilters').map((tag) => [textIn(tag, 'Key') ?? '', textIn(tag, 'Value') ?? '']),
  )

function expiryOf(rule: Properties): Expiry {
  const { ExpirationInDays: objectDays } = rule
  const { NoncurrentDays: versionDays } = objectIn(rule, 'NoncurrentVersionExpiration')
  return {
    ...(typeof objectDays === 'number' && { objectDays }),
    ...(typeof versionDays === 'number' && { versionDays }),
  }
}

const textIn = (held: Properties, name: string): string | undefined => {
  const value = held[name]
  return typeof value === 'string' ? value : undefined
}
const objectIn = (held: Properties, name: string): Properties => {
  const value = held[name]
  return value !== undefined && isJsonObject(value) ? value : {}
}
const itemsIn = (held: Properties, name: string): readonly Json[] => {
  const value = held[name]
  return Array.isArray(value) ? (value as readonly Json[]) : []
}
const listIn = (held: Properties, name: string): Properties[] =>
  itemsIn(held, name).filter((item) => isJsonObject(item))
const textsIn = (held: Properties, name: string): string[] =>
  itemsIn(held, name).filter((item): item is string => typeof item === 'string')
