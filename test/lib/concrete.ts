import type { Resource, SynthesizedStack } from './synth'

/** A resource as CloudFormation would make it: every reference is the name or ARN it stands for. */
export interface Concrete {
  readonly stack: string
  readonly region: string
  readonly type: string
  /** Unknown for what we never refer to by its ARN. */
  readonly arn: string
  readonly properties: Readonly<Record<string, unknown>>
}

/**
 * The resources of all stacks with their references filled in, also those from one stack of a region to another. What AWS
 * makes random is stood in for by the logical id, which is as unique.
 */
export function concrete(stacks: readonly SynthesizedStack[], accountId: string): readonly Concrete[] {
  const exported = new Map<string, () => string>()
  for (const stack of stacks)
    for (const output of Object.values((stack.template.Outputs ?? {}) as Record<string, Output>))
      if (output.Export) exported.set(String(output.Export.Name), () => String(filled(stack, output.Value)))

  function filled(stack: SynthesizedStack, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => filled(stack, item))
    if (typeof value !== 'object' || value === null) return value
    const token = value as Token
    if (token.Ref !== undefined) return refOf(stack, token.Ref)
    if (token['Fn::GetAtt']) return attributeOf(stack, ...token['Fn::GetAtt'])
    if (token['Fn::Join']) return token['Fn::Join'][1].map((part) => filled(stack, part)).join(token['Fn::Join'][0])
    if (token['Fn::ImportValue'] !== undefined) {
      const name = String(filled(stack, token['Fn::ImportValue']))
      const found = exported.get(name)
      if (!found) throw new Error(`'${stack.name}' imports '${name}', which no stack exports`)
      return found()
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(stack, item)]))
  }
  const pseudo = (stack: SynthesizedStack): Readonly<Record<string, string>> => ({
    'AWS::Partition': 'aws',
    'AWS::AccountId': accountId,
    'AWS::Region': stack.region,
    'AWS::URLSuffix': 'amazonaws.com',
  })
  const refOf = (stack: SynthesizedStack, id: string): string =>
    pseudo(stack)[id] ?? nameOf(stack.template.Resources[id]) ?? `${stack.name}.${id}`
  const attributeOf = (stack: SynthesizedStack, id: string, attribute: string): string =>
    attribute === 'Arn' ? arnOf(stack, id) : `${stack.name}.${id}.${attribute}`
  function arnOf(stack: SynthesizedStack, id: string): string {
    const resource = stack.template.Resources[id]
    const name = nameOf(resource) ?? `${stack.name}.${id}`
    const [, service = '', kind = ''] = (resource?.Type ?? '').toLowerCase().split('::')
    if (service === 's3') return `arn:aws:s3:::${name}`
    const place = service === 'iam' ? `:${accountId}` : `${stack.region}:${accountId}`
    return `arn:aws:${service}:${place}:${kind}/${name}`
  }
  return stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources).map(([id, { Type, Properties = {} }]) => ({
      stack: stack.name,
      region: stack.region,
      type: Type,
      arn: arnOf(stack, id),
      properties: filled(stack, Properties) as Concrete['properties'],
    })),
  )
}

interface Output {
  readonly Value: unknown
  readonly Export?: { readonly Name: unknown }
}
interface Token {
  readonly Ref?: string
  readonly 'Fn::GetAtt'?: [id: string, attribute: string]
  readonly 'Fn::Join'?: [separator: string, parts: unknown[]]
  readonly 'Fn::ImportValue'?: unknown
}

const NAMES = ['RoleName', 'BucketName', 'TableName', 'FunctionName', 'QueueName', 'ManagedPolicyName', 'LogGroupName']

/** The chosen name of a resource, if it has one. */
function nameOf(resource: Resource | undefined): string | undefined {
  return NAMES.map((key) => resource?.Properties?.[key]).find((found) => typeof found === 'string')
}
