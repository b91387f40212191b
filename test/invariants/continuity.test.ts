import { parsePolicy, withRecoveryRegion, type Policy } from '../../core/policy'
import { resolvePolicy } from '../../policy'
import { resourcesOf, synthesize, type SynthesizedStack } from '../lib/synth'
import { PRESETS } from '../policy/presets'
import { STATEFUL } from '../../core/posture/stateful'
import { changesOf, exportsStillInUse } from './swap'

/** What may follow the active region: what looks, what is scheduled, and functions and tasks, which all carry the hash of the policy. */
const FOLLOWS = [
  'AWS::Backup::BackupPlan',
  'AWS::Backup::BackupSelection',
  'AWS::Backup::Framework',
  'AWS::Backup::RestoreTestingPlan',
  'AWS::Backup::RestoreTestingSelection',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::ECS::TaskDefinition',
  'AWS::Lambda::Function',
  'AWS::Lambda::LayerVersion',
]

const withActive = (policy: Policy, active: 'primary' | 'recovery'): SynthesizedStack[] =>
  synthesize(parsePolicy({ ...policy, topology: { ...withRecoveryRegion(policy).topology, active } }))

const production = resolvePolicy('production')
const inPrimary = withActive(production, 'primary')
const inRecovery = withActive(production, 'recovery')
const withoutFollowers = (before: SynthesizedStack[], after: SynthesizedStack[]) =>
  changesOf(before, after).filter(({ type }) => !FOLLOWS.includes(type))

/** The same tree after a change in the first stack that holds a resource of the type. */
function planted(type: string, change: (stack: SynthesizedStack, id: string) => void): SynthesizedStack[] {
  const copy = structuredClone(inRecovery)
  const stack = copy.find(({ template }) => Object.values(template.Resources).some(({ Type }) => Type === type))!
  change(stack, Object.entries(stack.template.Resources).find(([, { Type }]) => Type === type)![0])
  return copy
}

describe.each([
  ['from the primary to the recovery region', inPrimary, inRecovery],
  ['and back', inRecovery, inPrimary],
])('swapping the active region %s', (_way, before, after) => {
  it('changes and removes nothing but what follows the active region', () => {
    expect(withoutFollowers(before, after)).toEqual([])
  })

  it('touches nothing that holds data', () => {
    expect(changesOf(before, after).filter(({ type }) => STATEFUL.includes(type))).toEqual([])
    expect(FOLLOWS.filter((type) => STATEFUL.includes(type))).toEqual([])
  })

  it('can be deployed: no stack drops an export that another one still imports', () => {
    expect(exportsStillInUse(before, after)).toEqual([])
  })

  it('moves the plan to the database that writes now', () => {
    const selected = (tree: SynthesizedStack[]) =>
      JSON.stringify(resourcesOf(tree, 'AWS::Backup::BackupSelection')).match(/db:neonpro-production-db-g\d/g)
    expect(selected(inPrimary)).toEqual(['db:neonpro-production-db-g1'])
    expect(selected(inRecovery)).toEqual(['db:neonpro-production-db-g2'])
  })
})

test('the swap is as harmless in the other topology of two regions', () => {
  const preset = PRESETS['us-east-2']
  const [before, after] = [withActive(preset, 'primary'), withActive(preset, 'recovery')]
  expect(withoutFollowers(before, after)).toEqual([])
  expect(exportsStillInUse(before, after)).toEqual([])
})

describe('a swap that is not harmless is found', () => {
  it.each(STATEFUL)('when it removes a %s', (type) => {
    const tree = planted(type, ({ template }, id) => delete (template.Resources as Record<string, unknown>)[id])
    expect(withoutFollowers(inPrimary, tree)).toEqual([expect.objectContaining({ kind: 'removed', type })])
  })

  it.each(STATEFUL)('when it no longer retains a %s', (type) => {
    const tree = planted(type, ({ template }, id) =>
      Object.assign(template.Resources[id]!, { DeletionPolicy: 'Delete' }),
    )
    expect(withoutFollowers(inPrimary, tree)).toEqual([expect.objectContaining({ kind: 'changed', type })])
  })

  it('when it drops an export in use', () => {
    const tree = planted('AWS::KMS::Key', ({ template }) => Object.assign(template, { Outputs: {} }))
    expect(exportsStillInUse(inPrimary, tree).length).toBeGreaterThan(0)
  })
})
