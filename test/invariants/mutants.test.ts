import type { StackTemplate } from '../../core/posture/assembly'
import { replacingProperties } from '../../scripts/replacing-properties'
import { synthesize } from '../lib/synth'
import survivors from './mutant-survivors.json'
import { judgeMutants } from './mutants'

const stacks: StackTemplate[] = synthesize().map(({ name, region, template }) => ({
  stack: name,
  region,
  // As text and back, as an assembly is read from its folder.
  resources: JSON.parse(JSON.stringify(template.Resources)) as StackTemplate['resources'],
}))
const replacing = replacingProperties()

/** Only what is of one type, and only its justifications. */
const ofType = (wanted: string) => ({
  trees: stacks.map((stack) => ({
    ...stack,
    resources: Object.fromEntries(Object.entries(stack.resources).filter(([, { Type }]) => Type === wanted)),
  })),
  justified: survivors.filter(({ type }) => type === wanted),
})

it('whatever is made worse is seen by somebody, or has a written reason', () => {
  const { mutants, open, idle } = judgeMutants(stacks, survivors, replacing)
  expect(mutants).toBeGreaterThan(3000)
  expect([...open]).toEqual([])
  expect(idle).toEqual([])
})

it('a survivor that nobody justified is named, and so is a reason that justifies nothing', () => {
  const { trees, justified } = ofType('AWS::RDS::DBInstance')
  const [first, ...others] = justified
  expect([...judgeMutants(trees, others, replacing).open.keys()]).toEqual([`${first!.type} ${first!.path}`])
  const idle = { type: 'AWS::RDS::DBInstance', path: 'KmsKeyId', reason: 'nobody needs to read the data' }
  expect(judgeMutants(trees, [...justified, idle], replacing).idle).toEqual([idle])
})

it.each([
  ['removed', 'AWS::Backup::BackupVault', 'ratchet, existence: the resource itself'],
  ['let go with its stack', 'AWS::KMS::Key', 'invariant: what holds data is retained'],
  ['ended after a day', 'AWS::S3::Bucket', 'ratchet, retention: days that objects are kept'],
  ['replaced', 'AWS::DynamoDB::GlobalTable', 'replacement gate: what holds data is neither deleted nor replaced'],
  ['opened to everybody', 'AWS::KMS::Key', 'ratchet, access: who may use the key'],
])('sees what is %s', (_, type, judgement) => {
  const { trees, justified } = ofType(type)
  expect([...judgeMutants(trees, justified, replacing).seen.keys()]).toContain(judgement)
})
