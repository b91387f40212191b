import { unknownTypes } from '../../core/posture/replacement'
import { STATEFUL } from '../../core/posture/stateful'
import { coverageGaps, WITHOUT_A_PLAN, type DataHolder, type PlanTag } from '../../lib/backup-coverage'
import { resourcesOf, synthesize, type SynthesizedStack } from '../lib/synth'
import { PRESETS } from '../policy/presets'

type Selection = {
  readonly ListOfTags?: readonly { readonly ConditionKey: string; readonly ConditionValue: string }[]
  readonly Resources?: readonly unknown[]
}
const selectionsOf = (stacks: readonly SynthesizedStack[]) =>
  resourcesOf(stacks, 'AWS::Backup::BackupSelection').map(({ region, Properties }) => ({
    region,
    selection: Properties?.['BackupSelection'] as Selection,
  }))

const planTags = (stacks: readonly SynthesizedStack[]): PlanTag[] =>
  selectionsOf(stacks).flatMap(({ region, selection }) =>
    (selection.ListOfTags ?? []).map(({ ConditionKey, ConditionValue }) => ({
      region,
      key: ConditionKey,
      value: ConditionValue,
    })),
  )

const holdersOf = (stacks: readonly SynthesizedStack[]): DataHolder[] =>
  resourcesOf(stacks, ...STATEFUL).map(({ id, Type, stack, region, Properties }) => {
    const tags = (Properties?.['Tags'] ?? []) as readonly { readonly Key: string; readonly Value: string }[]
    return { id, type: Type, stack, region, tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) }
  })

describe.each(Object.keys(PRESETS) as (keyof typeof PRESETS)[])('with the preset %s', (preset) => {
  const stacks = synthesize(PRESETS[preset])
  // What a topology of one region has no need of is no reason that outlived its resource.
  const exemptions = WITHOUT_A_PLAN.filter(
    ({ stack }) => preset !== 'brazil-only' || !['-coordination-', '-replica-'].includes(stack ?? ''),
  )
  const gaps = (holders: DataHolder[], plans = planTags(stacks)) => coverageGaps(holders, plans, exemptions)

  test('whatever holds data is in a plan of its region or has a written reason', () => {
    expect(gaps(holdersOf(stacks))).toEqual([])
  })

  test('of every type somebody has said whether it holds data', () => {
    const types = Object.fromEntries(
      stacks.flatMap(({ template }) => Object.values(template.Resources)).map(({ Type }) => [Type, { Type }]),
    )
    expect(unknownTypes([{ stack: 'all', region: 'any', resources: types }])).toEqual([])
  })

  test('a resource of a type that is planned, without the tag of a plan, is a gap', () => {
    const untagged = holdersOf(stacks).map((holder) =>
      holder.type === 'AWS::RDS::DBInstance' && holder.stack.includes('-database-') ? { ...holder, tags: {} } : holder,
    )
    expect(gaps(untagged)).toEqual([expect.stringMatching(/-database-primary-g1\/Database\w+ .*is in no backup plan/)])
  })

  test('a plan that another region has covers nothing here', () => {
    const elsewhere = planTags(stacks).map((plan) => ({ ...plan, region: 'us-west-2' }))
    expect(gaps(holdersOf(stacks), elsewhere).length).toBeGreaterThan(0)
  })

  test('a resource of a new kind or stack is a gap until somebody writes why', () => {
    const added = { id: 'x/Table', type: 'AWS::DynamoDB::GlobalTable', stack: 'x', region: 'sa-east-1', tags: {} }
    expect(gaps([...holdersOf(stacks), added])).toEqual([expect.stringContaining('x/Table')])
  })

  test('a reason whose resource is gone is a gap', () => {
    const withoutKeys = holdersOf(stacks).filter(({ type }) => type !== 'AWS::KMS::Key')
    expect(gaps(withoutKeys)).toEqual(["the exemption of AWS::KMS::Key in 'any stack' matches nothing"])
  })

  test('the region that writes also selects by name: its database and its buckets', () => {
    const { primary } = PRESETS[preset].topology.regions
    const named = selectionsOf(stacks)
      .filter(({ region }) => region === primary)
      .map(({ selection }) => JSON.stringify(selection.Resources ?? []))
    expect(named.filter((resources) => resources.includes(':db:neonpro-production-db-g1"'))).toHaveLength(1)
    expect(named.filter((resources) => resources.includes('assets-primary'))).toHaveLength(1)
  })
})
