import { declaredIn, keysOfCopies } from '../../../core/compliance/declared'
import { codesOf, weakeningsOf } from '../../../core/compliance/find'
import { soonest } from '../../../core/compliance/expiry'
import type { Assembly, Resource } from '../../../core/posture/assembly'
import type { Protection } from '../../../core/ports/compliance'
import { withRecoveryRegion } from '../../../core/policy'
import { resolvePolicy } from '../../../policy'
import { synthesize } from '../../lib/synth'

const assembly = (resources: Record<string, Resource>): Assembly => ({
  stacks: [{ stack: 'data', region: 'sa-east-1', resources }],
})

describe('what the synthesized templates of production declare', () => {
  const policy = resolvePolicy('production')
  let declared: Protection[]
  let keys: ReadonlyMap<string, string>
  beforeAll(() => {
    const stacks = synthesize(policy).map(({ name, region, template }) => ({
      stack: name,
      region,
      resources: template.Resources as unknown as Assembly['stacks'][number]['resources'],
    }))
    declared = declaredIn({ stacks })
    keys = keysOfCopies({ stacks })
  }, 60_000)
  const of = <K extends Protection['kind']>(kind: K) =>
    declared.filter((one): one is Extract<Protection, { kind: K }> => one.kind === kind)

  it('is every kind that a finding of the register is about, but for snapshots, which nobody declares', () => {
    expect([...new Set(declared.map(({ kind }) => kind))].toSorted()).toEqual([
      'backup-plan',
      'backup-selection',
      'bucket',
      'database',
      'key',
      'log-group',
      'trail',
      'vault',
    ])
  })

  it('keeps what the policy promises', () => {
    const { backup } = policy
    expect(of('bucket').every(({ refusesPublic }) => refusesPublic)).toBe(true)
    expect(of('database').every(({ refusesDeletion }) => refusesDeletion)).toBe(true)
    expect(of('key').every(({ rotates }) => rotates)).toBe(true)
    expect(of('trail')).toHaveLength(1)
    const { lock } = backup.vaults.snapshots
    expect(of('vault').find(({ name }) => name.endsWith('-snapshots'))?.lock).toEqual(
      'minRetentionDays' in lock ? { minDays: lock.minRetentionDays, maxDays: lock.maxRetentionDays } : null,
    )
    expect(of('backup-plan')[0]?.keepsDays).toMatchObject({
      daily: backup.snapshotRetentionDays,
      continuous: backup.pointInTimeRetentionDays,
    })
    for (const { plan, role, tags, resources } of of('backup-selection')) {
      expect([plan, role].every((name) => name.startsWith('neonpro-production-'))).toBe(true)
      expect(tags.length + resources.length).toBeGreaterThan(0)
    }
  })

  it('wants of each snapshot the key of the databases of its region', () => {
    const { primary, recovery } = withRecoveryRegion(policy).topology.regions
    expect([...keys.keys()].toSorted()).toEqual([primary, recovery].toSorted())
  })

  it('is weaker nowhere than itself', () => {
    for (const one of declared) expect(weakeningsOf(one, one)).toEqual([])
  })
})

it('knows a bucket that one switch leaves open, and says which code that is', () => {
  const [open] = declaredIn(
    assembly({
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: { BucketName: 'b', PublicAccessBlockConfiguration: { BlockPublicAcls: true } },
      },
    }),
  )
  const declared = { kind: 'bucket', region: 'sa-east-1', name: 'b', refusesPublic: true, ends: {} } as const
  expect(open).toEqual({ ...declared, refusesPublic: false })
  expect(codesOf(declared, weakeningsOf(declared, open))).toEqual(['bucket-public'])
})

it('leaves out what has no name of its own, and what it does not know', () => {
  expect(declaredIn(assembly({ A: { Type: 'AWS::S3::Bucket' }, B: { Type: 'AWS::SNS::Topic' } }))).toEqual([])
})

it('takes of several rules with one scope the sooner end', () => {
  expect(
    soonest([
      ['*', { objectDays: 30 }],
      ['*', { objectDays: 10, versionDays: 5 }],
      ['a/*', {}],
    ]),
  ).toEqual({ '*': { objectDays: 10, versionDays: 5 } })
})
