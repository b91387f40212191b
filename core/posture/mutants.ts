import { isJsonObject, type Json } from '../json'
import type { Resource } from './assembly'
import { PROTECTIONS, type Order, type ProtectionRow } from './protections'
import { STATEFUL } from './stateful'
import { valuesAt } from './values-at'

/** A resource with one thing made worse. */
export interface Mutant {
  /** Where, with `*` for each entry of a list; `*` alone for the resource as a whole. */
  readonly path: string
  /** What was done, in plain words. */
  readonly change: string
  /** Undefined: removed. */
  readonly resource: Resource | undefined
}

type Properties = { readonly [name: string]: Json }
/** Names of properties and positions in lists. */
type Steps = readonly (string | number)[]

/**
 * Every way to make one resource worse that we know of: removed; each protective property made worse; and of what holds
 * data also each property left out, each switch turned, each number a little less and more, each choice another one.
 */
export function mutantsOf(resource: Resource): Mutant[] {
  const removed: Mutant = { path: '*', change: 'is removed', resource: undefined }
  const rows = PROTECTIONS.filter(({ type }) => type === resource.Type)
  const known = rows.flatMap((row) => ofRow(row, resource))
  return STATEFUL.includes(resource.Type)
    ? [removed, ...known, ...letGo(resource), ...expiring(resource), ...leftOut(resource), ...turned(resource, rows)]
    : [removed, ...known]
}

/** The value that a tired engineer, or an attacker, would write; undefined where it is already as bad as can be. */
function worse(order: Order, value: Json): Json | undefined {
  switch (order) {
    case 'no-less':
      return typeof value === 'number' ? value - 1 : value === false ? undefined : false
    case 'no-more':
      return typeof value === 'number' ? value + 1 : value === true ? undefined : true
    case 'no-sooner':
      return typeof value === 'number' ? value - 1 : undefined
    case 'no-new-entries':
      return Array.isArray(value) ? [...value, { CidrIp: '0.0.0.0/0' }] : undefined
    case 'no-new-grants':
      return isJsonObject(value) && Array.isArray(value['Statement'])
        ? { ...value, Statement: [...value['Statement'], OPEN_TO_ALL] }
        : undefined
    case 'unchanged':
      return 'something else'
  }
}
const OPEN_TO_ALL = { Effect: 'Allow', Action: '*', Resource: '*', Principal: '*' }

function ofRow({ path, order, words }: ProtectionRow, resource: Resource): Mutant[] {
  return valuesAt(resource.Properties, path).flatMap(({ steps, value }) => {
    const instead = worse(order, value)
    const change = `${words}: made worse`
    return [
      ...(instead === undefined ? [] : [{ path, change, resource: withValue(resource, steps, instead) }]),
      ...(order === 'no-new-grants' ? denialsOf(value) : []).map((without) => ({
        path,
        change: `${words}: denies one thing less`,
        resource: withValue(resource, steps, without),
      })),
    ]
  })
}

/** The document without each of its denials in turn. */
function denialsOf(document: Json): Json[] {
  if (!isJsonObject(document) || !Array.isArray(document['Statement'])) return []
  const statements: readonly Json[] = document['Statement']
  return statements
    .filter((statement) => isJsonObject(statement) && statement['Effect'] === 'Deny')
    .map((denial) => ({ ...document, Statement: statements.filter((statement) => statement !== denial) }))
}

const letGo = (resource: Resource): Mutant[] =>
  (['DeletionPolicy', 'UpdateReplacePolicy'] as const).map((path) => ({
    path,
    change: 'goes with its stack',
    resource: { ...resource, [path]: 'Delete' },
  }))

/** Files that nothing ended yet, or later. */
function expiring(resource: Resource): Mutant[] {
  if (resource.Type !== 'AWS::S3::Bucket') return []
  const [held] = valuesAt(resource.Properties, 'LifecycleConfiguration.Rules')
  const rules = [
    ...(Array.isArray(held?.value) ? held.value : []),
    { Id: 'all', Status: 'Enabled', ExpirationInDays: 1 },
  ]
  const Properties = { ...resource.Properties, LifecycleConfiguration: { Rules: rules } }
  return [
    { path: 'LifecycleConfiguration', change: 'ends everything after a day', resource: { ...resource, Properties } },
  ]
}

const leftOut = (resource: Resource): Mutant[] =>
  Object.keys(resource.Properties ?? {}).map((name) => {
    const { [name]: _, ...rest } = resource.Properties ?? {}
    return { path: name, change: 'is left out', resource: { ...resource, Properties: rest } }
  })

/** Leaves that no row of the register speaks of. */
function turned(resource: Resource, rows: readonly ProtectionRow[]): Mutant[] {
  const spokenOf = rows.map(({ path }) => path)
  return [...leavesOf(resource.Properties ?? {}, [])].flatMap(([steps, value]) => {
    const path = steps.map((step) => (typeof step === 'number' ? '*' : step)).join('.')
    if (spokenOf.some((row) => path === row || path.startsWith(`${row}.`))) return []
    return othersOf(value).map((other) => ({
      path,
      change: `${JSON.stringify(value)} becomes ${JSON.stringify(other)}`,
      resource: withValue(resource, steps, other),
    }))
  })
}

/** One of a few words that the service knows, such as `Enabled` or `aws:kms`; names have hyphens, dots or slashes. */
const CHOICE = /^([A-Z][A-Za-z_0-9]*|aws:kms)$/

function othersOf(value: Json): Json[] {
  if (typeof value === 'boolean') return [!value]
  if (typeof value === 'number') return [value - 1, value + 1]
  return typeof value === 'string' && CHOICE.test(value) ? ['SomethingElse'] : []
}

/** Tags are words for people and for plans; a reference is resolved by CloudFormation. Neither has leaves of ours. */
function* leavesOf(value: Json, steps: Steps): Generator<readonly [Steps, Json]> {
  if (Array.isArray(value)) for (const [at, entry] of value.entries()) yield* leavesOf(entry, [...steps, at])
  else if (isJsonObject(value))
    for (const [name, entry] of Object.entries(value)) {
      if (name !== 'Tags' && name !== 'Ref' && !name.startsWith('Fn::')) yield* leavesOf(entry, [...steps, name])
    }
  else yield [steps, value]
}

const withValue = (resource: Resource, steps: Steps, value: Json): Resource => ({
  ...resource,
  Properties: plantedIn(resource.Properties ?? {}, steps, value),
})

const plantedIn = (properties: Properties, [name, ...rest]: Steps, value: Json): Properties =>
  name === undefined ? properties : { ...properties, [name]: planted(properties[name], rest, value) }

function planted(at: Json | undefined, steps: Steps, value: Json): Json {
  const [step, ...rest] = steps
  if (step === undefined) return value
  if (Array.isArray(at)) return at.map((entry, i) => (i === step ? planted(entry, rest, value) : entry))
  return isJsonObject(at) ? plantedIn(at, steps, value) : value
}
