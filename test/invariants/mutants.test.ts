import type { StackTemplate } from '../../core/posture/assembly'
import { composePolicy } from '../../policy'
import { replacingProperties } from '../../scripts/replacing-properties'
import { synthesize } from '../lib/synth'
import survivors from './mutant-survivors.json'
import { judgeMutants } from './mutants'
import { judgePolicyMutants } from './policy-mutants'

const stacks: StackTemplate[] = synthesize().map(({ name, region, template }) => ({
  stack: name,
  region,
  // As text and back, as an assembly is read from its folder.
  resources: JSON.parse(JSON.stringify(template.Resources)) as StackTemplate['resources'],
}))
const replacing = replacingProperties()
const isOfPolicy = ({ kinds }: (typeof survivors)[number]) => kinds.every((kind) => kind.startsWith('policy '))
const ofStacks = survivors.filter((one) => !isOfPolicy(one))

/** Only what is of one type, and only its justifications. */
const ofType = (wanted: string) => ({
  trees: stacks.map((stack) => ({
    ...stack,
    resources: Object.fromEntries(Object.entries(stack.resources).filter(([, { Type }]) => Type === wanted)),
  })),
  justified: ofStacks
    .map(({ reason, kinds }) => ({ reason, kinds: kinds.filter((kind) => kind.startsWith(`${wanted} `)) }))
    .filter(({ kinds }) => kinds.length > 0),
})

it('whatever is changed for the worse in a stack is seen by somebody, or has a written reason', () => {
  const { mutants, open, idle } = judgeMutants(stacks, ofStacks, replacing)
  expect(mutants).toBeGreaterThan(30_000)
  expect([...open]).toEqual([])
  expect(idle).toEqual([])
}, 120_000)

it('whatever is changed for the worse in the policy is refused, or seen, or has a written reason', () => {
  const { mutants, seen, open, idle } = judgePolicyMutants(composePolicy('production'), survivors.filter(isOfPolicy))
  expect(mutants).toBeGreaterThan(2000)
  expect([...open]).toEqual([])
  expect(idle).toEqual([])
  expect([...seen.keys()]).toEqual(expect.arrayContaining(['policy: schema', 'feasibility']))
}, 120_000)

it('a survivor that nobody justified is named, and so is a reason that justifies nothing', () => {
  const { trees, justified } = ofType('AWS::RDS::DBInstance')
  const [first, ...others] = justified
  expect([...judgeMutants(trees, others, replacing).open.keys()]).toEqual(first!.kinds)
  const idle = { kinds: ['AWS::RDS::DBInstance KmsKeyId is left out'], reason: 'nobody needs to read the data' }
  expect(judgeMutants(trees, [...justified, idle], replacing).idle).toEqual(idle.kinds)
})

it('a reason for one kind of change excuses no other at the same place', () => {
  const { trees, justified } = ofType('AWS::CloudWatch::Alarm')
  const other = justified.map(({ reason, kinds }) => ({
    reason,
    kinds: kinds.map((kind) => kind.replace('EvaluationPeriods is one less', 'EvaluationPeriods is one more')),
  }))
  expect([...judgeMutants(trees, other, replacing).open.keys()]).toEqual([
    'AWS::CloudWatch::Alarm EvaluationPeriods is one less',
  ])
})

it.each([
  ['removed', 'AWS::Backup::BackupVault', 'ratchet, existence: the resource itself'],
  ['let go with its stack', 'AWS::KMS::Key', 'invariant: what holds data is retained'],
  [
    'let go with its stack, by the ratchet',
    'AWS::KMS::Key',
    'ratchet, retention: what stays when its stack lets go of it',
  ],
  ['ended after a day', 'AWS::S3::Bucket', 'ratchet, retention: days that objects are kept'],
  ['replaced', 'AWS::DynamoDB::GlobalTable', 'replacement gate: what holds data is neither deleted nor replaced'],
  ['opened to everybody', 'AWS::KMS::Key', 'ratchet, access: who may use the key'],
  ['pointed at another metric', 'AWS::CloudWatch::Alarm', 'ratchet, alarm: what the alarm watches'],
  ['told to nobody', 'AWS::Events::Rule', 'ratchet, alarm: who is told of the events'],
])('sees what is %s', (_, type, judgement) => {
  const { trees, justified } = ofType(type)
  expect([...judgeMutants(trees, justified, replacing).seen.keys()]).toContain(judgement)
})
