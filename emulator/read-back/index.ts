import type { Json } from '../../core/json'
import { readAssembly, type SynthesizedStack } from '../assembly'
import type { DeployedResource } from '../deployed'
import { BUCKET_READERS } from './buckets'
import { judge, type Finding } from './compare'
import { COMPUTE_READERS } from './compute'
import { CONTAINER_READERS } from './containers'
import { DATA_READERS } from './data'
import { NETWORK_AND_ACCESS_READERS } from './network-and-access'
import type { Created, Reader } from './reader'
import { WATCHING_READERS } from './watching'

const READERS: Readonly<Record<string, Reader>> = {
  ...BUCKET_READERS,
  ...COMPUTE_READERS,
  ...CONTAINER_READERS,
  ...DATA_READERS,
  ...NETWORK_AND_ACCESS_READERS,
  ...WATCHING_READERS,
}

/** A value that resources of a type declare, and how many of it came to what. */
export interface PropertyFinding {
  readonly type: string
  /** Its path, such as `Tags[].Value`. */
  readonly property: string
  readonly finding: Exclude<Finding, 'kept'>
  readonly count: number
  /** Values that are declared there. */
  readonly of: number
}

export interface ReadBack {
  /** Resources whose service was asked, and the single values that their properties declare. */
  readonly resources: number
  readonly values: number
  readonly kept: number
  /** `Type.Path` of everything that is declared anywhere. */
  readonly declared: readonly string[]
  /** Everything declared that was not kept as it was declared. */
  readonly findings: readonly PropertyFinding[]
}

/**
 * Asks the services themselves for every created resource, and compares what they tell with what the templates declare.
 * Throws where a service does not know a resource that CloudFormation calls complete, or where nobody knows how to ask.
 */
export async function readBack(assembly: string, deployed: readonly DeployedResource[]): Promise<ReadBack> {
  const seen: Seen[] = []
  let resources = 0
  for (const stack of readAssembly(assembly)) {
    const ids = new Map(
      deployed.filter((resource) => resource.stack === stack.name).map((resource) => [resource.logicalId, resource]),
    )
    for (const [logicalId, { Type: type, Properties = {} }] of Object.entries(stack.template.Resources)) {
      if (type === PLACEHOLDER) continue
      resources += 1
      const told = await ask(type, createdOf(stack, ids, logicalId, Properties))
      for (const [property, declared] of Object.entries(Properties))
        seen.push(...judge(property, declared, told).map(({ path, finding }) => ({ type, property: path, finding })))
    }
  }
  return {
    resources,
    values: seen.length,
    kept: seen.filter(({ finding }) => finding === 'kept').length,
    declared: [...new Set(seen.map(keyOf))],
    findings: together(seen),
  }
}

const PLACEHOLDER = 'AWS::CloudFormation::WaitConditionHandle'

async function ask(type: string, created: Created): Promise<Readonly<Record<string, unknown>>> {
  const reader = READERS[type]
  if (!reader) throw new Error(`nobody knows how to read back ${type}; add a reader to emulator/read-back`)
  try {
    return await reader(created)
  } catch (error) {
    throw new Error(
      `${type} '${created.physicalId}' is complete to CloudFormation, but its service does not tell it: ${error instanceof Error ? `${error.name} ${error.message}` : String(error)}`,
      { cause: error },
    )
  }
}

function createdOf(
  { region }: SynthesizedStack,
  ids: ReadonlyMap<string, DeployedResource>,
  logicalId: string,
  properties: Created['properties'],
): Created {
  const physicalIdOf = (value: Json | undefined): string[] => {
    if (typeof value === 'string') return [value]
    if (Array.isArray(value)) return value.flatMap(physicalIdOf)
    const { Ref: ref, 'Fn::GetAtt': read } = (value ?? {}) as Readonly<Record<string, Json>>
    const id = typeof ref === 'string' ? ref : Array.isArray(read) ? String(read[0]) : ''
    const found = ids.get(id)
    return found ? [found.physicalId] : []
  }
  return {
    region,
    physicalId: ids.get(logicalId)?.physicalId ?? '',
    properties,
    refersTo: (property) => physicalIdOf(properties[property]),
  }
}

const keyOf = ({ type, property }: { type: string; property: string }): string => `${type}.${property}`

interface Seen {
  readonly type: string
  readonly property: string
  readonly finding: Finding
}

function together(seen: readonly Seen[]): PropertyFinding[] {
  const declared = new Map<string, number>()
  const found = new Map<string, PropertyFinding>()
  for (const one of seen) declared.set(keyOf(one), (declared.get(keyOf(one)) ?? 0) + 1)
  for (const { type, property, finding } of seen) {
    if (finding === 'kept') continue
    const key = `${keyOf({ type, property })} ${finding}`
    const count = (found.get(key)?.count ?? 0) + 1
    found.set(key, { type, property, finding, count, of: declared.get(keyOf({ type, property })) ?? count })
  }
  return [...found.values()].toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)))
}
