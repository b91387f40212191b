import { parsePolicy, withRecoveryRegion, type Policy } from '../../core/policy'
import { Names } from '../../lib/names'
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
  'AWS::Events::Rule',
  'AWS::Lambda::Function',
  'AWS::Lambda::LayerVersion',
]

/** The topology with another active region, on the day on which the primary one is still dark. */
const topologyWith = (policy: Policy, active: 'primary' | 'recovery') => ({
  ...withRecoveryRegion(policy).topology,
  active,
  ...(active === 'recovery' && { oneWayReason: 'the primary region is dark, so nothing can be copied there' }),
})
const withActive = (policy: Policy, active: 'primary' | 'recovery'): SynthesizedStack[] =>
  synthesize(parsePolicy({ ...policy, topology: topologyWith(policy, active) }))

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

/** The recovery region serves, and a third generation is rebuilt in the primary one, out of which the way leads back. */
function rebuilding(policy: Policy, active: 'primary' | 'recovery'): SynthesizedStack[] {
  const { topology, transfers } = withRecoveryRegion(policy)
  const { regions, instances } = topology
  const flow = { flow: 'database-replica', from: regions.recovery, to: regions.primary, personalData: true }
  const mechanism = { kind: 'comes-home', reason: 'the database is rebuilt in Brazil, where the data comes from' }
  return synthesize(
    parsePolicy({
      ...policy,
      transfers: [...transfers, { ...flow, mechanism }],
      topology: {
        ...topologyWith(policy, active),
        instances: [...instances, { generation: 3, region: 'primary', role: 'replica', source: 2 }],
      },
    }),
  )
}

describe.each(['eu-west-1', 'us-east-2'] as const)('the rebuild of the primary region beside %s', (preset) => {
  const names = new Names(PRESETS[preset])
  const [served, rebuilt, returned] = [
    withActive(PRESETS[preset], 'recovery'),
    rebuilding(PRESETS[preset], 'recovery'),
    rebuilding(PRESETS[preset], 'primary'),
  ]
  /** A variable of a function of the primary region. */
  const variableOf = (tree: readonly SynthesizedStack[], name: string, variable: string): string => {
    const { Properties } = resourcesOf(tree, 'AWS::Lambda::Function').find(
      ({ Properties: own, region }) =>
        own?.['FunctionName'] === names.function(name) && region === names.region('primary'),
    )!
    const { Variables } = Properties!['Environment'] as { Variables: Record<string, unknown> }
    return JSON.stringify(Variables[variable])
  }

  test('adds a replica of what serves, and changes or removes nothing else that holds data', () => {
    expect(changesOf(served, rebuilt).filter(({ type }) => STATEFUL.includes(type))).toEqual([
      expect.objectContaining({ kind: 'added', type: 'AWS::RDS::DBInstance' }),
    ])
    const own = rebuilt.filter(({ name }) => name === names.stack('replica', 'primary', 3))
    const [replica] = resourcesOf(own, 'AWS::RDS::DBInstance')
    expect(replica?.Properties).toMatchObject({
      SourceDBInstanceIdentifier: names.databaseArn('recovery', 2),
      SourceRegion: names.region('recovery'),
    })
    expect(JSON.stringify(replica?.Properties)).not.toContain('AutomaticBackupReplication')
  })

  test('guards the new one before it serves, and the writer of before for as long as it is declared', () => {
    const told = (tree: readonly SynthesizedStack[], name: string) =>
      variableOf(tree, name, 'DATABASES')
        .match(/neonpro-production-db-g\d/g)
        ?.toSorted()
    for (const name of ['guard', 'fence', 'replica-observer', 'runbook-database']) {
      expect(told(served, name)).toEqual([names.database(1)])
      expect(told(rebuilt, name)).toEqual([names.database(1), names.database(3)])
      expect(told(returned, name)).toEqual(told(rebuilt, name))
    }
  })

  test('leaves what prepares the database with the writer of before, until the new one serves', () => {
    const own = (tree: readonly SynthesizedStack[]) => variableOf(tree, 'readiness-database', 'DATABASE_INSTANCE')
    expect([own(rebuilt), own(returned)]).toEqual([names.database(1), names.database(3)].map((name) => `"${name}"`))
  })

  test('tells the desk and the intake of the way back while there is one', () => {
    const rebuiltOf = (tree: readonly SynthesizedStack[]) => variableOf(tree, 'incident-intake', 'REBUILT_INSTANCE')
    expect([served, rebuilt, returned].map(rebuiltOf)).toEqual(['"none"', `"${names.database(3)}"`, '"none"'])
  })

  test('lets the promoting function promote the new one, and the writer of before never', () => {
    const promotable = (tree: readonly SynthesizedStack[]) =>
      resourcesOf(tree, 'AWS::IAM::ManagedPolicy')
        .filter(({ region }) => region === names.region('primary'))
        .flatMap(
          ({ Properties }) =>
            (Properties!['PolicyDocument'] as { Statement: { Action: unknown; Resource: unknown }[] }).Statement,
        )
        .filter(({ Action }) => Action === 'rds:PromoteReadReplica')
        .map(({ Resource }) => Resource)
    expect(promotable(served)).toEqual([])
    expect(promotable(rebuilt)).toEqual([names.databaseArn('primary', 3)])
  })

  test('gives the primary name to the new one before the switch leads there, since the writer of before never serves again', () => {
    const target = (tree: readonly SynthesizedStack[]) =>
      JSON.stringify(
        resourcesOf(
          tree.filter(({ name }) => name === names.stack('dns', 'primary')),
          'AWS::Route53::RecordSet',
        ),
      )
    expect(target(rebuilt)).not.toBe(target(served))
    expect(target(returned)).toBe(target(rebuilt))
  })

  test('gives the new writer the owner whose password it has taken over', () => {
    const own = returned.filter(({ name }) => name === names.stack('runbooks', 'primary'))
    const reads = resourcesOf(own, 'AWS::Lambda::Function').map(({ Properties }) => JSON.stringify(Properties))
    const owner = (variable: string) => `"${variable}":"${names.secret(names.ownerSecret(1))}"`
    expect(reads.filter((text) => text.includes(owner('DATABASE_OWNER_SECRET')))).toHaveLength(1)
    // A copy that is restored of it has the same owner: rotation and hardening may have to take that password over.
    expect(reads.filter((text) => text.includes(owner('COPY_OWNER_SECRET')))).toHaveLength(2)
    expect(reads.join()).not.toContain(names.ownerSecret(3))
  })

  test('can be deployed, and so can the way back: no export in use is dropped, nothing that holds data is touched', () => {
    expect(exportsStillInUse(served, rebuilt)).toEqual([])
    expect(exportsStillInUse(rebuilt, returned)).toEqual([])
    expect(changesOf(rebuilt, returned).filter(({ type }) => STATEFUL.includes(type))).toEqual([])
  })
})
/** What holds data and stands; the list names types that we do not have yet, too. */
const STANDING = STATEFUL.filter((type) =>
  inRecovery.some(({ template }) => Object.values(template.Resources).some(({ Type }) => Type === type)),
)

describe('a swap that is not harmless is found', () => {
  it.each(STANDING)('when it removes a %s', (type) => {
    const tree = planted(type, ({ template }, id) => delete (template.Resources as Record<string, unknown>)[id])
    expect(withoutFollowers(inPrimary, tree)).toEqual([expect.objectContaining({ kind: 'removed', type })])
  })

  it.each(STANDING)('when it no longer retains a %s', (type) => {
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
