import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from '../../core/json'
import type { StackTemplate } from '../../core/posture/assembly'
import { answersOf, broken, TRACEABILITY, type Answer, type Trace } from '../../core/posture/traceability'
import type { Found } from '../../core/posture/values-at'
import { resolvePolicy } from '../../policy'
import { synthesize } from '../lib/synth'

const policy = resolvePolicy('production')
const stacks: StackTemplate[] = synthesize(policy).map(({ name, region, template }) => ({
  stack: name,
  region,
  // As text and back, as an assembly is read from its folder.
  resources: JSON.parse(JSON.stringify(template.Resources)) as StackTemplate['resources'],
}))

/** The templates with one resource in which something was changed. */
function mutated({ stack, id }: Answer, change: (properties: Json) => Json): StackTemplate[] {
  return stacks.map((one) => {
    const resource = one.resources[id]
    if (one.stack !== stack || !resource) return one
    const Properties = change(resource.Properties ?? {}) as NonNullable<typeof resource.Properties>
    return { ...one, resources: { ...one.resources, [id]: { ...resource, Properties } } }
  })
}

/** A value with something else at a place; undefined takes it away. */
function planted(at: Json | undefined, [step, ...rest]: Found['steps'], value: Json | undefined): Json {
  if (Array.isArray(at)) {
    const entries: readonly Json[] = at
    if (rest.length === 0 && value === undefined) return entries.filter((_, index) => index !== step)
    return entries.map((entry, index) =>
      index !== step ? entry : rest.length === 0 ? value! : planted(entry, rest, value),
    )
  }
  const { [String(step)]: held, ...others } = at as { readonly [name: string]: Json }
  if (rest.length === 0) return value === undefined ? others : { ...others, [String(step)]: value }
  return { ...others, [String(step)]: planted(held, rest, value) }
}

/** What is worse than a value, whichever way it protects. */
const worseThan = (value: Json, { words }: Trace['wanted']): readonly (Json | undefined)[] => [
  undefined,
  ...(typeof value === 'number' ? [words.startsWith('at most') ? 1e9 : -1] : []),
  ...(typeof value === 'boolean' ? [!value] : []),
  ...(Array.isArray(value) ? [[]] : []),
  ...(typeof value === 'number' || typeof value === 'boolean' || Array.isArray(value) ? [] : ['something else']),
]

/** Every way to break a demand at one place of one resource: the value worse; something on the way to it gone; an entry beside it without it. */
function* breaks(trace: Trace, { found }: Answer): Generator<readonly [string, (properties: Json) => Json]> {
  for (const { path, steps, value } of found) {
    for (const worse of worseThan(value, trace.wanted))
      yield [`${path} is ${JSON.stringify(worse) ?? 'gone'}`, (properties) => planted(properties, steps, worse)]
    for (let up = 1; up < steps.length; up += 1) {
      const way = steps.slice(0, up)
      // A whole entry that goes takes its demand with it; what is in it must not go alone.
      if (typeof way.at(-1) === 'string')
        yield [`${way.join('.')} is gone`, (properties) => planted(properties, way, undefined)]
    }
    const list = steps.findIndex((step) => typeof step === 'number')
    if (list !== -1 && trace.path.includes('*') && list < steps.length - 1)
      yield [
        `an entry beside ${path} without it`,
        (properties) => {
          const entry = { of: planted(properties, steps, undefined) }
          const [twin] = valueAt(entry.of, steps.slice(0, list + 1))
          const [whole] = valueAt(properties, steps.slice(0, list))
          return planted(properties, steps.slice(0, list), [...(whole as readonly Json[]), twin!])
        },
      ]
  }
}

const valueAt = (root: Json, steps: Found['steps']): readonly (Json | undefined)[] => [
  steps.reduce<Json | undefined>((at, step) => (at as { readonly [name: string | number]: Json })[step], root),
]

describe.each(TRACEABILITY)('$title', ({ kept, untraced }) => {
  it.each(kept)('$demand', (trace) => {
    expect(broken(trace, stacks, policy)).toEqual([])
  })

  it.each(kept)('is seen to be broken: $demand', (trace) => {
    for (const answer of answersOf(trace, stacks))
      for (const [what, change] of breaks(trace, answer)) {
        const seen = broken(trace, mutated(answer, change), policy)
        expect({ resource: `${answer.stack}/${answer.id}`, what, seen }).not.toMatchObject({ seen: [] })
      }
  })

  it('names tests that are there, and some for whatever is rehearsed', () => {
    const named = [...kept.flatMap(({ alsoBy = [] }) => alsoBy), ...untraced.flatMap(({ test }) => test ?? [])]
    expect(named.filter((file) => !existsSync(join(__dirname, '../..', file)))).toEqual([])
    const rehearsed = kept.filter(({ proof }) => proof.includes('rehearsed'))
    expect(rehearsed.filter(({ alsoBy = [] }) => alsoBy.length === 0)).toEqual([])
  })

  it('speaks of each demand once', () => {
    const demands = [...kept, ...untraced].map(({ demand }) => demand)
    expect(demands.filter((demand, at) => demands.indexOf(demand) !== at)).toEqual([])
  })
})

it('a demand that no resource answers for is broken', () => {
  const [trace] = TRACEABILITY[0]!.kept
  expect(broken(trace!, [], policy)).toEqual(['no AWS::Backup::BackupPlan stands in backup-plan'])
})

describe('a demand of every entry', () => {
  const rules = (...list: readonly Json[]): StackTemplate[] => [
    {
      stack: 'a-test-plan-primary',
      region: 'sa-east-1',
      resources: { Plan: { Type: 'AWS::Backup::BackupPlan', Properties: { Rules: list } } },
    },
  ]
  const trace: Trace = {
    demand: 'each rule copies',
    stack: 'plan',
    type: 'AWS::Backup::BackupPlan',
    path: 'Rules.*.Copies.*.To',
    wanted: { words: 'somewhere', test: (value) => value === 'there' },
    proof: 'template',
  }

  it('is broken by one that does not keep it beside one that does', () => {
    const copying = { RuleName: 'monthly', Copies: [{ To: 'there' }] }
    expect(broken(trace, rules(copying), policy)).toEqual([])
    expect(broken(trace, rules({ RuleName: 'daily' }, copying), policy)).toEqual([
      'a-test-plan-primary/Plan Rules.[daily] has nothing of Rules.*.Copies.*.To',
    ])
    expect(broken(trace, rules({ RuleName: 'daily', Copies: [] }, copying), policy)).toHaveLength(1)
  })

  it('does not ask what a statement denies', () => {
    const denying = { Effect: 'Deny', Copies: [{ To: 'elsewhere' }] }
    expect(broken(trace, rules(denying, { Effect: 'Allow', Copies: [{ To: 'there' }] }), policy)).toEqual([])
    expect(broken(trace, rules({ ...denying, Effect: 'Allow' }), policy)).toHaveLength(1)
  })
})
