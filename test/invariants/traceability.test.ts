import type { Json } from '../../core/json'
import type { StackTemplate } from '../../core/posture/assembly'
import { answersOf, broken, TRACEABILITY, type Answer } from '../../core/posture/traceability'
import { resolvePolicy } from '../../policy'
import { synthesize } from '../lib/synth'

const policy = resolvePolicy('production')
const stacks: StackTemplate[] = synthesize(policy).map(({ name, region, template }) => ({
  stack: name,
  region,
  // As text and back, as an assembly is read from its folder.
  resources: JSON.parse(JSON.stringify(template.Resources)) as StackTemplate['resources'],
}))

type Changeable = { [name: string]: unknown }

/** The templates with everything that one resource has at the path changed, or taken out. */
function mutated({ stack, id, found }: Answer, value: Json | undefined): StackTemplate[] {
  return stacks.map((one) => {
    if (one.stack !== stack) return one
    const copy = JSON.parse(JSON.stringify(one)) as StackTemplate
    for (const { steps } of found) {
      const way = steps.slice(0, -1)
      const properties = copy.resources[id]!.Properties as Changeable
      const at = way.reduce<Changeable>((inner, step) => inner[step] as Changeable, properties)
      if (value === undefined) delete at[steps.at(-1)!]
      else at[steps.at(-1)!] = value
    }
    return copy
  })
}

/** What is worse than a value, whichever way it protects. */
const worseThan = (value: Json): readonly (Json | undefined)[] => [
  undefined,
  ...(typeof value === 'number' ? [value - 1] : []),
  ...(typeof value === 'boolean' ? [!value] : []),
  ...(Array.isArray(value) ? [[]] : []),
  ...(typeof value === 'number' || typeof value === 'boolean' || Array.isArray(value) ? [] : ['something else']),
]

describe.each(TRACEABILITY)('$title', ({ kept }) => {
  it.each(kept)('$demand', (trace) => {
    expect(broken(trace, stacks, policy)).toEqual([])
  })

  it.each(kept)('is seen to be broken: $demand', (trace) => {
    for (const answer of answersOf(trace, stacks))
      for (const value of worseThan(answer.found[0]!.value)) {
        const seen = broken(trace, mutated(answer, value), policy)
        expect({ resource: `${answer.stack}/${answer.id}`, value, seen }).not.toMatchObject({ seen: [] })
      }
  })
})

it('a demand that no resource answers for is broken', () => {
  const [trace] = TRACEABILITY[0]!.kept
  expect(broken(trace!, [], policy)).toEqual(['no AWS::Backup::BackupPlan stands in backup-plan'])
})
