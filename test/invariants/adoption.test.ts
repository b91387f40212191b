import { App } from 'aws-cdk-lib'
import { parsePolicy, withRecoveryRegion, type Policy } from '../../core/policy'
import { STATEFUL } from '../../core/posture/stateful'
import { acknowledgeFindings, acknowledgements } from '../../lib/acknowledgements'
import { featureFlags } from '../../lib/feature-flags'
import { Names } from '../../lib/names'
import { addChecks, FAIL_ON_FINDINGS } from '../../lib/validation'
import { resolvePolicy } from '../../policy'
import { stageIn, synthesize, type SynthesizedStack } from '../lib/synth'
import { changesOf } from './swap'

const FACTS = { endpointAddress: 'neonpro-production-db-g2.abc.eu-west-1.rds.amazonaws.com', resourceId: 'db-EXAMPLE' }
type Adoption = NonNullable<Policy['topology']['instances'][number]['adoption']>

/** The recovery region serves, and its instance has come so far on its way into its stack. */
function policyAt(adoption?: Adoption): Policy {
  const policy = resolvePolicy('production')
  const { topology } = withRecoveryRegion(policy)
  return parsePolicy({
    ...policy,
    topology: {
      ...topology,
      active: 'recovery',
      oneWayReason: 'the primary region is dark, so nothing can be copied there',
      instances: topology.instances.map((instance) =>
        instance.generation === 2 && adoption ? { ...instance, adoption } : instance,
      ),
    },
  })
}
const at = (adoption?: Adoption): SynthesizedStack[] => synthesize(policyAt(adoption))

const [promoted, released, imported, adopted] = [
  at(),
  at({ state: 'released', ...FACTS }),
  at({ state: 'imported', ...FACTS }),
  at({ state: 'adopted' }),
]
const names = new Names(resolvePolicy('production'))
const own = (tree: readonly SynthesizedStack[]) =>
  tree.find(({ name }) => name === names.stack('replica', 'recovery', 2))!
const instanceOf = (tree: readonly SynthesizedStack[]) =>
  Object.entries(own(tree).template.Resources).find(([, { Type }]) => Type === 'AWS::RDS::DBInstance')
const exportsOf = (tree: readonly SynthesizedStack[]) =>
  Object.values(own(tree).template.Outputs ?? {}) as { Value: unknown; Export: { Name: string } }[]

/** What carries the policy's hash or its layer, and follows every change of it. */
const CARRIES_POLICY = ['AWS::Lambda::Function', 'AWS::Lambda::LayerVersion', 'AWS::ECS::TaskDefinition']
const beyondPolicy = (before: SynthesizedStack[], after: SynthesizedStack[]) =>
  changesOf(before, after).filter(({ type }) => !CARRIES_POLICY.includes(type))

describe('the adoption of a promoted replica', () => {
  it('lets go of the instance alone, which everything about it keeps alive', () => {
    expect(beyondPolicy(promoted, released)).toEqual([
      { kind: 'removed', id: `${own(promoted).name}/${instanceOf(promoted)![0]}`, type: 'AWS::RDS::DBInstance' },
    ])
    expect(instanceOf(promoted)![1]).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { DeletionProtection: true },
    })
  })

  it('keeps every export that others read, with the value that the instance has', () => {
    const named = (tree: readonly SynthesizedStack[]) => exportsOf(tree).map(({ Export }) => Export.Name)
    expect(named(released)).toEqual(named(promoted))
    expect(new Set(exportsOf(released).map(({ Value }) => Value))).toEqual(
      new Set(['5432', FACTS.endpointAddress, FACTS.resourceId]),
    )
  })

  it('imports the instance and changes nothing beside it, outputs included', () => {
    const [id, instance] = instanceOf(imported)!
    expect(beyondPolicy(released, imported)).toEqual([
      { kind: 'added', id: `${own(imported).name}/${id}`, type: 'AWS::RDS::DBInstance' },
    ])
    expect(exportsOf(imported)).toEqual(exportsOf(released))
    expect(id).toBe(instanceOf(promoted)![0])
    // An import needs one.
    expect(instance.DeletionPolicy).toBe('Retain')
  })

  it('declares the same instance as a writer: no source, no region of one, its own backups and its owner', () => {
    const [before, after] = [instanceOf(promoted)![1].Properties!, instanceOf(imported)![1].Properties!]
    for (const gone of ['SourceDBInstanceIdentifier', 'SourceRegion']) {
      expect(before).toHaveProperty(gone)
      expect(after).not.toHaveProperty(gone)
    }
    for (const kept of ['DBInstanceIdentifier', 'KmsKeyId', 'DBParameterGroupName', 'DBSubnetGroupName', 'MultiAZ'])
      expect(after[kept]).toEqual(before[kept])
    expect(after).toMatchObject({
      Engine: 'postgres',
      StorageEncrypted: true,
      BackupRetentionPeriod: resolvePolicy('production').backup.pointInTimeRetentionDays,
      MasterUsername: expect.stringContaining(names.secret(names.ownerSecret(1))),
    })
  })

  it('passes every check on its way', async () => {
    for (const state of ['released', 'imported'] as const) {
      const app = new App({ context: featureFlags(), analyticsReporting: false, postCliContext: FAIL_ON_FINDINGS })
      const policy = policyAt({ state, ...FACTS })
      acknowledgeFindings(stageIn(app, policy), acknowledgements(policy))
      await addChecks(app)
      expect(() => app.synth()).not.toThrow()
    }
  }, 120_000)

  it('ends as any other writer, and nobody notices', () => {
    expect(beyondPolicy(imported, adopted)).toEqual([])
    expect(exportsOf(adopted)).toEqual(exportsOf(promoted))
    expect(changesOf(promoted, adopted).filter(({ type }) => STATEFUL.includes(type))).toEqual([
      { kind: 'changed', id: `${own(promoted).name}/${instanceOf(promoted)![0]}`, type: 'AWS::RDS::DBInstance' },
    ])
  })
})
