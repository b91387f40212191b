import type { Resource, SynthesizedStack } from '../lib/synth'

/** One resource that differs between two syntheses. */
export interface Change {
  readonly kind: 'added' | 'changed' | 'removed'
  readonly id: string
  readonly type: string
}

/** What a deployment of `after` over `before` would do, resource by resource, with everything around its properties. */
export function changesOf(before: readonly SynthesizedStack[], after: readonly SynthesizedStack[]): Change[] {
  const [was, is] = [byId(before), byId(after)]
  const gone = [...was].flatMap(([id, old]): Change[] => {
    const now = is.get(id)
    if (!now) return [{ kind: 'removed', id, type: old.Type }]
    return JSON.stringify(now) === JSON.stringify(old) ? [] : [{ kind: 'changed', id, type: old.Type }]
  })
  const added = [...is]
    .filter(([id]) => !was.has(id))
    .map(([id, { Type: type }]): Change => ({ kind: 'added', id, type }))
  return [...gone, ...added]
}

const byId = (stacks: readonly SynthesizedStack[]): ReadonlyMap<string, Resource> =>
  new Map(
    stacks.flatMap(({ name, template }) =>
      Object.entries(template.Resources).map(([id, resource]) => [`${name}/${id}`, resource] as const),
    ),
  )

/**
 * Exports that `after` drops or changes while a stack of `before` still imports them. CloudFormation deploys the exporting
 * stack first and refuses that, so the deployment could never begin.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
 */
export function exportsStillInUse(before: readonly SynthesizedStack[], after: readonly SynthesizedStack[]): string[] {
  const now = exportsOf(after)
  const used = new Set([...JSON.stringify(before).matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name!))
  return [...exportsOf(before)]
    .filter(([name, value]) => used.has(name) && now.get(name) !== value)
    .map(([name]) => name)
}

function exportsOf(stacks: readonly SynthesizedStack[]): ReadonlyMap<string, string> {
  const outputs = stacks.flatMap(({ template }) =>
    Object.values((template.Outputs ?? {}) as Record<string, { Value: unknown; Export?: { Name: string } }>),
  )
  return new Map(outputs.flatMap(({ Value, Export }) => (Export ? [[Export.Name, JSON.stringify(Value)]] : [])))
}
