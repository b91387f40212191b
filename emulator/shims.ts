import type { Json } from '../core/json'
import type { Resource, SynthesizedStack, Template } from './assembly'
import { CREATED, isIndispensable, MISSING, type Missing } from './resource-types'

/** Creates nothing and needs no property: the one type of CloudFormation's own that stands for what cannot be there. */
const PLACEHOLDER = 'AWS::CloudFormation::WaitConditionHandle'

export interface Shim extends Missing {
  /** Placeholders in its place. */
  readonly count: number
}

/** What the emulator's templates have placeholders for, and how many. */
export function shimsOf(stacks: readonly SynthesizedStack[], missing = MISSING): Shim[] {
  const resources = stacks.flatMap(({ template }) => Object.values(template.Resources))
  return missing
    .map((one) => ({ ...one, count: resources.filter((resource) => missingOf(resource, missing) === one).length }))
    .filter(({ count }) => count > 0)
}

const missingOf = ({ Type, Properties = {} }: Resource, missing: readonly Missing[]): Missing | undefined =>
  missing.find(({ type, having }) => type === Type && (having === undefined || having in Properties))

/**
 * Throws, with every resource named, where a template has a type that neither was seen created nor is listed as missing,
 * or where one is listed that must not be missing.
 */
export function requireKnownTypes(
  stacks: readonly SynthesizedStack[],
  created: ReadonlySet<string> = CREATED,
  missing = MISSING,
): void {
  const indispensable = missing.filter(({ type }) => isIndispensable(type)).map(({ type }) => type)
  if (indispensable.length > 0)
    throw new Error(`${indispensable.join(', ')} may have no placeholder; take it out of the list of what is missing`)
  const unknown = stacks.flatMap(({ name, template }) =>
    Object.entries(template.Resources)
      .filter(([, resource]) => !created.has(resource.Type) && !missingOf(resource, missing))
      .map(([id, { Type }]) => `${Type} (${name}, ${id})`),
  )
  if (unknown.length > 0)
    throw new Error(
      `types the emulator run knows nothing of: ${unknown.join('; ')}; list each in emulator/resource-types.ts as created once it was seen created, or as missing with what is then not shown`,
    )
}

/** The template with placeholders for what MiniStack lacks, and text where its attributes were read. */
export function withShims(template: Template, missing = MISSING): Template {
  const gone = new Set(
    Object.entries(template.Resources).flatMap(([id, resource]) => (missingOf(resource, missing) ? [id] : [])),
  )
  const resources = Object.entries(template.Resources).map(([id, resource]): [string, Resource] => [
    id,
    gone.has(id) ? { Type: PLACEHOLDER } : resource,
  ])
  return withoutReads({ ...template, Resources: Object.fromEntries(resources) } as Json, gone) as unknown as Template
}

/** Ref, Fn::GetAtt and Fn::Sub of what is gone, as text that names it: nothing may look as if it had been created. */
function withoutReads(value: Json, gone: ReadonlySet<string>): Json {
  if (Array.isArray(value)) return value.map((item) => withoutReads(item, gone))
  if (typeof value !== 'object' || value === null) return value
  const read = readOf(value as Readonly<Record<string, Json>>)
  if (read && gone.has(read.id)) return standIn(read.id, read.attribute)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'Fn::Sub' ? withoutSubstitutes(item, gone) : withoutReads(item, gone),
    ]),
  )
}

const standIn = (id: string, attribute?: string): string => ['shimmed', id, attribute].filter(Boolean).join('-')

function readOf(value: Readonly<Record<string, Json>>): { id: string; attribute?: string } | undefined {
  const { Ref: ref, 'Fn::GetAtt': read } = value
  if (typeof ref === 'string') return { id: ref }
  if (typeof read === 'string') return { id: read.split('.')[0]!, attribute: read.split('.').slice(1).join('.') }
  if (Array.isArray(read)) return { id: String(read[0]), attribute: String(read[1]) }
  return undefined
}

function withoutSubstitutes(value: Json, gone: ReadonlySet<string>): Json {
  const inText = (text: string) =>
    text.replaceAll(/\$\{([A-Za-z0-9]+)(?:\.([\w.]+))?\}/g, (whole, id: string, attribute?: string) =>
      gone.has(id) ? standIn(id, attribute) : whole,
    )
  if (typeof value === 'string') return inText(value)
  const [text, variables] = value as readonly [string, Json]
  return [inText(text), withoutReads(variables, gone)]
}
